using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Guides.Controller;
using IncomingCalls.Guides.Tests.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Guides.Tests;

/// <summary>The controllers of docs/behind-a-controller.md.</summary>
public class ControllerTests
{
    private const string Token = "controller-token";

    [Theory]
    [InlineData("/green-api/1101000001")]
    [InlineData("/bound")]
    public async Task Post_Call_IsHandled(string path)
    {
        await using var host = await StartHostAsync();

        (await host.PostAsync(path, NotificationJson.CreateCall(), Token)).Should().Be(HttpStatusCode.OK);

        host.Recorded.Events.Should().ContainSingle().Which.Kind.Should().Be(CallEventKind.Offered);
    }

    [Fact]
    public async Task Post_Message_IsHandledByTheController()
    {
        await using var host = await StartHostAsync();

        (await host.PostAsync("/green-api/1101000001", NotificationJson.CreateMessage(), Token)).Should().Be(HttpStatusCode.OK);

        host.Services.GetRequiredService<Messages>().Types.Should().Equal("incomingMessageReceived");
        host.Recorded.OtherTypes.Should().BeEmpty("the controller handles other types itself");
    }

    [Theory]
    [InlineData("/green-api/1101000002", """{"typeWebhook":"incomingCall","idMessage":"A1","instanceData":{"idInstance":1101000001}}""", 403)]
    [InlineData("/green-api/1101000001", "not JSON", 200)]
    public async Task Post_OtherContent_IsAnsweredAsThePageSays(string path, string body, int status)
    {
        await using var host = await StartHostAsync();

        ((int)await host.PostAsync(path, body, Token)).Should().Be(status);
    }

    [Fact]
    public async Task Post_WrongToken_IsAnswered401()
    {
        await using var host = await StartHostAsync();

        (await host.PostAsync("/green-api/1101000001", NotificationJson.CreateCall(), "wrong")).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Post_MessageWithAByteOrderMark_IsHandledByTheController()
    {
        await using var host = await StartHostAsync();

        (await host.PostAsync("/green-api/1101000001", $"\uFEFF{NotificationJson.CreateMessage()}", Token)).Should().Be(HttpStatusCode.OK);

        host.Services.GetRequiredService<Messages>().Types.Should().Equal("incomingMessageReceived");
    }

    [Fact]
    public async Task Post_CallThatCannotBeAccepted_IsAnswered503()
    {
        await using var host = await StartHostAsync(calls => calls.AddHandler<FailingHandler>());

        (await host.PostAsync("/green-api/1101000001", NotificationJson.CreateCall(), Token)).Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    private static Task<GuideHost> StartHostAsync(Action<IIncomingCallsBuilder>? configure = null) => GuideHost.StartAsync(
        builder =>
        {
            builder.Services.AddControllers().AddApplicationPart(typeof(GreenApiController).Assembly);
            builder.Services.AddSingleton<Messages>().AddSingleton<IMessages>(provider => provider.GetRequiredService<Messages>());
            var calls = builder.Services.AddIncomingCalls().AddWebhook(options => options.Tokens = [Token]).AddHandler<CallRecorder>().AddOtherNotificationHandler<OtherTypeRecorder>();
            configure?.Invoke(calls);
        },
        app =>
        {
            Buffering.Use(app);
            app.MapControllers();
        });

    private sealed class Messages : IMessages
    {
        public ConcurrentQueue<string?> Types { get; } = [];

        public Task HandleAsync(JsonElement notification, CancellationToken cancellationToken)
        {
            Types.Enqueue(notification.GetProperty("typeWebhook").GetString());
            return Task.CompletedTask;
        }
    }

    private sealed class FailingHandler : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => throw new CallEventRetryException(TimeSpan.FromDays(1));
    }
}
