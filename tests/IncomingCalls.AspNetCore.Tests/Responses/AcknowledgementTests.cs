using System.Net;
using IncomingCalls.AspNetCore.Tests.Hosting;
using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.AspNetCore.Tests.Responses;

/// <summary>One test for each row of the acknowledgement table.</summary>
public sealed class AcknowledgementTests
{
    [Fact]
    public async Task Post_CallHandled_Answers200AfterTheHandlerWithoutBody()
    {
        await using var host = await WebhookHost.StartAsync();

        using var response = await host.PostAsync(NotificationJson.CreateCall());

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        host.Recorder.Events.Should().ContainSingle().Which.Kind.Should().Be(CallEventKind.Offered);
    }

    [Fact]
    public async Task Post_InMemoryHandlerFails_Answers503AndTheRedeliverySucceeds()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureCalls = calls => calls.AddHandler<RecordingHandler>(options => (options.Name, options.RetryDelays) = ("once", [])) });
        host.Recorder.OnEvent = _ => throw new InvalidOperationException("The database is away.");

        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(503);

        host.Recorder.OnEvent = _ => Task.CompletedTask;
        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(200);
        host.Recorder.Events.Should().HaveCount(2, "each of the two handlers should complete once");
    }

    [Fact]
    public async Task Post_CallStoredDurably_Answers200()
    {
        var inbox = new FakeDurableInbox();
        await using var host = await WebhookHost.StartAsync(new() { ConfigureHost = builder => builder.Services.AddSingleton<ICallInbox>(inbox) });

        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(200);

        inbox.Accepted.Should().ContainSingle();
    }

    [Fact]
    public async Task Post_CallTracked_Answers200WithoutEvent()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureCalls = calls => calls.UseScenario(CallScenario.ResultOnly) });

        (await host.PostForStatusAsync(NotificationJson.CreateCall("offer"))).Should().Be(200);

        host.Recorder.Events.Should().BeEmpty();
    }

    [Fact]
    public async Task Post_CallDiscarded_Answers200WithoutEvent()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureCalls = calls => calls.UseScenario(CallScenario.Ignore) });

        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(200);

        host.Recorder.Events.Should().BeEmpty();
    }

    [Fact]
    public async Task Post_PolicyThrows_QuarantinesAndAnswers200()
    {
        var inbox = new FakeDurableInbox();
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigureHost = builder => builder.Services.AddSingleton<ICallInbox>(inbox),
            ConfigureCalls = calls => calls.UsePolicy(new FailingPolicy()),
        });

        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(200);

        inbox.Quarantined.Should().Equal(QuarantineReason.PolicyFailed);
    }

    [Fact]
    public async Task Post_PolicyThrowsInMemory_Answers503UntilTheNotificationIsGivenUp()
    {
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigureCalls = static calls =>
            {
                calls.UsePolicy(new FailingPolicy());
                calls.Services.Configure<IncomingCallsOptions>(static options => (options.GiveUpAfter, options.GiveUpAfterRedeliveries) = (TimeSpan.Zero, 1));
            },
        });

        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(503, "the policy may be fixed");
        (await host.PostForStatusAsync(NotificationJson.CreateCall("pickUp"))).Should().Be(503, "each notification is counted");
        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(200, "it must not block the queue for ever");

        host.Logs.WithId(1006).Should().ContainSingle();
    }

    [Fact]
    public async Task Post_Duplicate_Answers200AndRunsNoHandler()
    {
        await using var host = await WebhookHost.StartAsync();

        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(200);

        host.Recorder.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Post_OtherTypeWithHandler_Answers503WhileItFailsThen200()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureCalls = calls => calls.AddOtherNotificationHandler<RecordingOtherNotificationHandler>() });
        host.Recorder.OnOtherNotification = () => throw new InvalidOperationException("Not now.");
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType())).Should().Be(503);

        host.Recorder.OnOtherNotification = () => Task.CompletedTask;
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType())).Should().Be(200);

        host.Recorder.OtherTypes.Should().Equal("incomingMessageReceived");
    }

    [Fact]
    public async Task Post_OtherTypeWithoutHandler_Answers200()
    {
        await using var host = await WebhookHost.StartAsync();

        (await host.PostForStatusAsync(NotificationJson.CreateOtherType("somethingNew"))).Should().Be(200);
        (await host.PostForStatusAsync("""{"typeWebhook":"quotaExceeded","instanceData":{"idInstance":1101000001},"quotaData":{}}""")).Should().Be(200);
    }

    [Fact]
    public async Task Post_UnreadableCall_QuarantinesAndAnswers200()
    {
        var inbox = new FakeDurableInbox();
        await using var inMemory = await WebhookHost.StartAsync();
        await using var durable = await WebhookHost.StartAsync(new() { ConfigureHost = builder => builder.Services.AddSingleton<ICallInbox>(inbox) });

        (await inMemory.PostForStatusAsync(NotificationJson.CreateUnreadableCall())).Should().Be(200);
        (await durable.PostForStatusAsync(NotificationJson.CreateUnreadableCall())).Should().Be(200);

        inbox.Quarantined.Should().Equal(QuarantineReason.NotUnderstood);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"typeWebhook":"incomingMessageReceived"} trailing""")]
    [InlineData("""{"typeWebhook":"incomingMessageReceived","messageData":""")]
    [InlineData("{\"typeWebhook\":\"x\",\"a\":\"\t\"}")]
    public async Task Post_NoNotification_IsQuarantinedAndAnswers200(string body)
    {
        var inbox = new FakeDurableInbox();
        await using var inMemory = await WebhookHost.StartAsync();
        await using var durable = await WebhookHost.StartAsync(new() { ConfigureHost = builder => builder.Services.AddSingleton<ICallInbox>(inbox) });

        (await inMemory.PostForStatusAsync(body)).Should().Be(200, "if it were not acknowledged, it would block the calls behind it");
        (await durable.PostForStatusAsync(body)).Should().Be(200);

        inbox.Quarantined.Should().Equal(QuarantineReason.NotANotification);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_InboxCannotWrite_Answers503AndTheRedeliveryIsStored(bool isExpected)
    {
        var inbox = new FakeDurableInbox { WriteFailure = isExpected ? new CallInboxUnavailableException("The disk is full.") : new InvalidOperationException("A bug.") };
        await using var host = await WebhookHost.StartAsync(new() { ConfigureHost = builder => builder.Services.AddSingleton<ICallInbox>(inbox) });

        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(503);
        (await host.PostForStatusAsync(NotificationJson.CreateUnreadableCall())).Should().Be(503);
        (await host.PostForStatusAsync("not json")).Should().Be(503);

        host.Logs.WithId(isExpected ? 2010 : 2011).Should().ContainSingle("three failures within a minute are one line");
        inbox.WriteFailure = null;
        (await host.PostForStatusAsync(NotificationJson.CreateCall())).Should().Be(200);
        inbox.Accepted.Should().ContainSingle();
    }

    [Fact]
    public async Task Post_UnknownInstance_Answers200AfterOneLookup()
    {
        var listed = new MutableInstanceSource();
        listed.Set(new CallInstance { IdInstance = NotificationJson.IdInstance });
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigureHost = builder => builder.Services.AddSingleton<IInstanceSource>(listed),
        });
        await host.WaitForInstancesAsync(current => current.Count == 1);

        (await host.PostForStatusAsync(NotificationJson.CreateCall(idInstance: NotificationJson.OtherInstance))).Should().Be(200);

        listed.FindCount.Should().Be(1);
        host.Recorder.Events.Should().BeEmpty();
    }

    private sealed class FailingPolicy : ICallPolicy
    {
        public CallDecision Decide(CallPolicyContext context) => throw new InvalidOperationException("No idea.");
    }
}
