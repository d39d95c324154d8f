using System.Net;
using IncomingCalls.AspNetCore.Tests.Hosting;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.AspNetCore.Tests.Answers;

/// <summary>One test per row of the table "what is acknowledged when".</summary>
public sealed class AcknowledgementTests
{
    [Fact]
    public async Task Post_CallHandled_Answers200AfterTheHandlerWithoutBody()
    {
        await using var host = await WebhookHost.StartAsync();

        using var response = await host.PostAsync(Wire.Call());

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        host.Desk.Events.Should().ContainSingle().Which.Kind.Should().Be(CallEventKind.Offered);
    }

    [Fact]
    public async Task Post_CallHandledInlineAndHandlerFails_Answers503ThenTheRepeatSucceeds()
    {
        await using var host = await WebhookHost.StartAsync(new() { Calls = calls => calls.AddHandler<DeskHandler>(options => (options.Name, options.Retries) = ("once", [])) });
        host.Desk.OnEvent = _ => throw new InvalidOperationException("The database is away.");

        (await host.StatusAsync(Wire.Call())).Should().Be(503);

        host.Desk.OnEvent = _ => Task.CompletedTask;
        (await host.StatusAsync(Wire.Call())).Should().Be(200);
        host.Desk.Events.Should().HaveCount(2, "each of the two handlers ran to its end once");
    }

    [Fact]
    public async Task Post_CallStoredDurably_Answers200()
    {
        var inbox = new MemoryInbox();
        await using var host = await WebhookHost.StartAsync(new() { Host = builder => builder.Services.AddSingleton<ICallInbox>(inbox) });

        (await host.StatusAsync(Wire.Call())).Should().Be(200);

        inbox.Kept.Should().ContainSingle();
    }

    [Fact]
    public async Task Post_CallTracked_Answers200WithoutEvent()
    {
        await using var host = await WebhookHost.StartAsync(new() { Calls = calls => calls.UseScenario(CallScenario.ResultOnly) });

        (await host.StatusAsync(Wire.Call("offer"))).Should().Be(200);

        host.Desk.Events.Should().BeEmpty();
    }

    [Fact]
    public async Task Post_CallDiscarded_Answers200WithoutEvent()
    {
        await using var host = await WebhookHost.StartAsync(new() { Calls = calls => calls.UseScenario(CallScenario.Ignore) });

        (await host.StatusAsync(Wire.Call())).Should().Be(200);

        host.Desk.Events.Should().BeEmpty();
    }

    [Fact]
    public async Task Post_PolicyThrows_QuarantinesAndAnswers200()
    {
        var inbox = new MemoryInbox();
        await using var host = await WebhookHost.StartAsync(new()
        {
            Host = builder => builder.Services.AddSingleton<ICallInbox>(inbox),
            Calls = calls => calls.UsePolicy(new FailingPolicy()),
        });

        (await host.StatusAsync(Wire.Call())).Should().Be(200);

        inbox.Quarantined.Should().Equal(QuarantineReason.PolicyFailed);
    }

    [Fact]
    public async Task Post_Repeat_Answers200AndRunsNothingAgain()
    {
        await using var host = await WebhookHost.StartAsync();

        (await host.StatusAsync(Wire.Call())).Should().Be(200);
        (await host.StatusAsync(Wire.Call())).Should().Be(200);

        host.Desk.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Post_ForeignWithHandler_Answers503WhileItFailsThen200()
    {
        await using var host = await WebhookHost.StartAsync(new() { Calls = calls => calls.AddForeignHandler<DeskForeignHandler>() });
        host.Desk.OnForeign = () => throw new InvalidOperationException("Not now.");
        (await host.StatusAsync(Wire.Foreign())).Should().Be(503);

        host.Desk.OnForeign = () => Task.CompletedTask;
        (await host.StatusAsync(Wire.Foreign())).Should().Be(200);

        host.Desk.ForeignTypes.Should().Equal("incomingMessageReceived");
    }

    [Fact]
    public async Task Post_ForeignWithoutHandler_Answers200()
    {
        await using var host = await WebhookHost.StartAsync();

        (await host.StatusAsync(Wire.Foreign("somethingNew"))).Should().Be(200);
        (await host.StatusAsync("""{"typeWebhook":"quotaExceeded","instanceData":{"idInstance":1101000001},"quotaData":{}}""")).Should().Be(200);
    }

    [Fact]
    public async Task Post_CallNotUnderstood_QuarantinesAndAnswers200()
    {
        var inbox = new MemoryInbox();
        await using var inline = await WebhookHost.StartAsync();
        await using var durable = await WebhookHost.StartAsync(new() { Host = builder => builder.Services.AddSingleton<ICallInbox>(inbox) });

        (await inline.StatusAsync(Wire.NotUnderstood())).Should().Be(200);
        (await durable.StatusAsync(Wire.NotUnderstood())).Should().Be(200);

        inbox.Quarantined.Should().Equal(QuarantineReason.NotUnderstood);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"typeWebhook":"incomingMessageReceived"} trailing""")]
    [InlineData("""{"typeWebhook":"incomingMessageReceived","messageData":""")]
    public async Task Post_NoNotification_Answers400Inline200Durable(string body)
    {
        var inbox = new MemoryInbox();
        await using var inline = await WebhookHost.StartAsync();
        await using var durable = await WebhookHost.StartAsync(new() { Host = builder => builder.Services.AddSingleton<ICallInbox>(inbox) });

        (await inline.StatusAsync(body)).Should().Be(400);
        (await durable.StatusAsync(body)).Should().Be(200);

        inbox.Quarantined.Should().Equal(QuarantineReason.NotANotification);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_InboxCannotWrite_Answers503ThenTheRepeatIsKept(bool isExpected)
    {
        var inbox = new MemoryInbox { WriteFailure = isExpected ? new CallInboxUnavailableException("The disk is full.") : new InvalidOperationException("A bug.") };
        await using var host = await WebhookHost.StartAsync(new() { Host = builder => builder.Services.AddSingleton<ICallInbox>(inbox) });

        (await host.StatusAsync(Wire.Call())).Should().Be(503);
        (await host.StatusAsync(Wire.NotUnderstood())).Should().Be(503);
        (await host.StatusAsync("not json")).Should().Be(503);

        host.Logs.Of(isExpected ? 2010 : 2011).Should().ContainSingle("three failures within a minute are one line");
        inbox.WriteFailure = null;
        (await host.StatusAsync(Wire.Call())).Should().Be(200);
        inbox.Kept.Should().ContainSingle();
    }

    [Fact]
    public async Task Post_InstanceUnknown_Answers200AfterOneQuestion()
    {
        var listed = new ListedInstances();
        listed.Set(new CallInstance { IdInstance = Wire.IdInstance });
        await using var host = await WebhookHost.StartAsync(new()
        {
            Host = builder => builder.Services.AddSingleton<IInstanceSource>(listed),
        });
        await host.InstancesAsync(current => current.Count == 1);

        (await host.StatusAsync(Wire.Call(idInstance: Wire.OtherInstance))).Should().Be(200);

        listed.Questions.Should().Be(1);
        host.Desk.Events.Should().BeEmpty();
    }

    private sealed class FailingPolicy : ICallPolicy
    {
        public CallDecision Decide(CallPolicyContext context) => throw new InvalidOperationException("No idea.");
    }
}
