using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.AspNetCore.Tests.Tokens;

public sealed class InstanceTokenTests
{
    private const string RoutePattern = "/hooks/{idInstance:long}";

    private readonly MutableInstanceSource _source = new();

    [Fact]
    public async Task Post_InstanceToken_AuthorizesThatInstanceOnly()
    {
        await using var host = await StartAsync(Instance(NotificationJson.IdInstance, "token-a"), Instance(NotificationJson.OtherInstance, "Bearer token-b"));

        (await host.PostForStatusAsync(NotificationJson.CreateCall(), "Bearer token-a")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateCall(id: "AAAA02", idInstance: NotificationJson.OtherInstance), "Bearer token-b")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateCall(id: "AAAA03", idInstance: NotificationJson.OtherInstance), "Bearer token-a")).Should().Be(403);

        host.Recorder.Events.Select(e => e.Call.Key.IdMessage).Should().Equal("AAAA01", "AAAA02");
    }

    [Fact]
    public async Task Post_EndpointToken_AuthorizesEveryInstance()
    {
        await using var host = await StartWithAsync(
            new() { ConfigureWebhook = options => options.Tokens = ["shared"] }, Instance(NotificationJson.IdInstance, "token-a"), Instance(NotificationJson.OtherInstance, "shared"));

        (await host.PostForStatusAsync(NotificationJson.CreateCall(), "shared")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateCall(idInstance: NotificationJson.OtherInstance), "shared")).Should().Be(200);
    }

    [Fact]
    public async Task Post_TokenSharedByInstances_AuthorizesEachOfThem()
    {
        await using var host = await StartAsync(
            Instance(NotificationJson.IdInstance, "common"), Instance(NotificationJson.OtherInstance, "common"), Instance(1101000003, "token-c"));

        (await host.PostForStatusAsync(NotificationJson.CreateCall(), "common")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateCall(idInstance: NotificationJson.OtherInstance), "common")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateCall(idInstance: 1101000003), "common")).Should().Be(403);
    }

    /// <summary>The intake checks which of these instances the notification belongs to, since it reads the notification anyway.</summary>
    [Fact]
    public async Task Post_TokenOfSeveralInstances_PassesTheirIdsToTheIntake()
    {
        var intake = new RequestRecordingIntake();
        _source.Set(Instance(NotificationJson.IdInstance, "common"), Instance(NotificationJson.OtherInstance, "common"));
        await using var host = await WebhookHost.StartAsync(new()
        {
            ConfigureWebhook = null,
            ConfigureHost = builder => builder.Services.AddSingleton<IInstanceSource>(_source).AddSingleton<ICallIntake>(intake),
        });
        await host.WaitForInstancesAsync(current => current.Count == 2);

        await host.PostForStatusAsync(NotificationJson.CreateCall(idInstance: NotificationJson.OtherInstance), "common");

        intake.Requests.Should().ContainSingle().Which.ExpectedIdInstances.Should().BeEquivalentTo([NotificationJson.IdInstance, NotificationJson.OtherInstance]);
    }

    [Fact]
    public async Task Post_InstanceTokenChangedOrRemoved_TakesEffectWithoutRestart()
    {
        await using var host = await StartAsync(Instance(NotificationJson.IdInstance, "token-a"));
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "token-a")).Should().Be(200);

        _source.Set(Instance(NotificationJson.IdInstance, "token-a2"));
        await host.WaitForInstancesAsync(current => current.Any(instance => instance.WebhookTokens!.Contains("token-a2")));
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "token-a")).Should().Be(401);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "token-a2")).Should().Be(200);

        _source.Set();
        await host.WaitForInstancesAsync(current => current.Count == 0);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "token-a2")).Should().Be(401);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer ")]
    public async Task Post_EmptyInstanceToken_AuthorizesNoOne(string? empty)
    {
        await using var host = await StartAsync(new CallInstance { IdInstance = NotificationJson.IdInstance, WebhookTokens = empty is null ? null : [empty] });

        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), token: null)).Should().Be(401);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Bearer ")).Should().Be(401);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "")).Should().Be(401);
        host.Logs.WithId(2001).Should().ContainSingle().Which.Text.Should().Contain("No token is configured");
    }

    [Fact]
    public async Task Post_InstanceRoute_AcceptsItsNotificationsOnly()
    {
        await using var host = await WebhookHost.StartAsync(new() { Pattern = RoutePattern });

        (await host.PostForStatusAsync(NotificationJson.CreateCall(), path: "/hooks/1101000001")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateCall(), path: "/hooks/1101000002")).Should().Be(403);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), path: "/hooks/1101000002")).Should().Be(403);
        (await host.PostForStatusAsync(NotificationJson.CreateCall(), path: "/hooks/word")).Should().Be(404);
    }

    [Theory]
    [InlineData("word")]
    [InlineData("-1101000001")]
    [InlineData("99999999999999999999")]
    public async Task Post_NonNumericInstanceRoute_Answers403(string idInstance)
    {
        await using var host = await WebhookHost.StartAsync(new() { Pattern = "/hooks/{idInstance}" });

        (await host.PostForStatusAsync(NotificationJson.CreateCall(), path: $"/hooks/{idInstance}")).Should().Be(403);
    }

    [Fact]
    public async Task Post_TokenOfAnotherInstanceThanTheRoute_Answers403WithoutReading()
    {
        await using var host = await StartWithAsync(new() { ConfigureWebhook = null, Pattern = RoutePattern }, Instance(NotificationJson.IdInstance, "token-a"), Instance(NotificationJson.OtherInstance, "token-b"));
        using var connection = await RawConnection.OpenAsync(host);
        await connection.SendHeadAsync("Content-Length: 400", "Bearer token-a", "/hooks/1101000002");

        (await connection.ReadStatusAsync()).Should().Be(403);

        host.Logs.WithId(2002).Should().ContainSingle();
        (await host.PostForStatusAsync(NotificationJson.CreateCall(), "token-a", "/hooks/1101000001")).Should().Be(200);
    }

    [Fact]
    public async Task Start_InstanceSourceWithoutToken_Succeeds()
    {
        await using var host = await StartAsync();

        (await host.PostForStatusAsync(NotificationJson.CreateCall(), "anything")).Should().Be(401);
    }

    private sealed class RequestRecordingIntake : ICallIntake
    {
        public List<IntakeRequest> Requests { get; } = [];

        public ValueTask<IntakeResult> AcceptAsync(ReadOnlyMemory<byte> utf8Json, CancellationToken cancellationToken = default) =>
            AcceptAsync(new IntakeRequest { Utf8Json = utf8Json }, cancellationToken);

        public ValueTask<IntakeResult> AcceptAsync(IntakeRequest request, CancellationToken cancellationToken = default)
        {
            Requests.Add(request);
            return new(new IntakeResult { Outcome = IntakeOutcome.Stored });
        }
    }

    private static CallInstance Instance(long idInstance, string token) => new() { IdInstance = idInstance, WebhookTokens = [token] };

    private Task<WebhookHost> StartAsync(params CallInstance[] instances) => StartWithAsync(new() { ConfigureWebhook = null }, instances);

    private async Task<WebhookHost> StartWithAsync(WebhookHostOptions setup, params CallInstance[] instances)
    {
        _source.Set(instances);
        var host = await WebhookHost.StartAsync(new()
        {
            ConfigureWebhook = setup.ConfigureWebhook,
            Pattern = setup.Pattern,
            ConfigureHost = builder => builder.Services.AddSingleton<IInstanceSource>(_source),
        });
        await host.WaitForInstancesAsync(current => current.Count == instances.Length);
        return host;
    }
}
