using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.AspNetCore.Tests.Tokens;

public sealed class InstanceTokenTests
{
    private const string RoutePattern = "/hooks/{idInstance:long}";

    private readonly ListedInstances _listed = new();

    [Fact]
    public async Task Post_TokenOfAnInstance_SpeaksForThatInstanceOnly()
    {
        await using var host = await StartAsync(Instance(Wire.IdInstance, "token-a"), Instance(Wire.OtherInstance, "Bearer token-b"));

        (await host.StatusAsync(Wire.Call(), "Bearer token-a")).Should().Be(200);
        (await host.StatusAsync(Wire.Call(id: "AAAA02", idInstance: Wire.OtherInstance), "Bearer token-b")).Should().Be(200);
        (await host.StatusAsync(Wire.Call(id: "AAAA03", idInstance: Wire.OtherInstance), "Bearer token-a")).Should().Be(403);

        host.Desk.Events.Select(e => e.Call.Key.IdMessage).Should().Equal("AAAA01", "AAAA02");
    }

    [Fact]
    public async Task Post_TokenOfTheEndpoint_SpeaksForEveryInstance()
    {
        await using var host = await StartWithAsync(
            new() { Webhook = options => options.Tokens = ["shared"] }, Instance(Wire.IdInstance, "token-a"), Instance(Wire.OtherInstance, "shared"));

        (await host.StatusAsync(Wire.Call(), "shared")).Should().Be(200);
        (await host.StatusAsync(Wire.Call(idInstance: Wire.OtherInstance), "shared")).Should().Be(200);
    }

    [Fact]
    public async Task Post_TokenOfSeveralInstances_SpeaksForEachOfThem()
    {
        await using var host = await StartAsync(
            Instance(Wire.IdInstance, "common"), Instance(Wire.OtherInstance, "common"), Instance(1101000003, "token-c"));

        (await host.StatusAsync(Wire.Call(), "common")).Should().Be(200);
        (await host.StatusAsync(Wire.Call(idInstance: Wire.OtherInstance), "common")).Should().Be(200);
        (await host.StatusAsync(Wire.Call(idInstance: 1101000003), "common")).Should().Be(403);
    }

    /// <summary>Which of them the notification names is for the intake, which reads it anyway.</summary>
    [Fact]
    public async Task Post_TokenOfSeveralInstances_TellsTheIntakeWhichTheyAre()
    {
        var intake = new RequestsAlone();
        _listed.Set(Instance(Wire.IdInstance, "common"), Instance(Wire.OtherInstance, "common"));
        await using var host = await WebhookHost.StartAsync(new()
        {
            Webhook = null,
            Host = builder => builder.Services.AddSingleton<IInstanceSource>(_listed).AddSingleton<ICallIntake>(intake),
        });
        await host.InstancesAsync(current => current.Count == 2);

        await host.StatusAsync(Wire.Call(idInstance: Wire.OtherInstance), "common");

        intake.Requests.Should().ContainSingle().Which.ExpectedIdInstances.Should().BeEquivalentTo([Wire.IdInstance, Wire.OtherInstance]);
    }

    [Fact]
    public async Task Post_TokenOfAnInstanceChangedOrRemoved_FollowsWithoutRestart()
    {
        await using var host = await StartAsync(Instance(Wire.IdInstance, "token-a"));
        (await host.StatusAsync(Wire.Foreign(), "token-a")).Should().Be(200);

        _listed.Set(Instance(Wire.IdInstance, "token-a2"));
        await host.InstancesAsync(current => current.Any(instance => instance.WebhookTokens!.Contains("token-a2")));
        (await host.StatusAsync(Wire.Foreign(), "token-a")).Should().Be(401);
        (await host.StatusAsync(Wire.Foreign(), "token-a2")).Should().Be(200);

        _listed.Set();
        await host.InstancesAsync(current => current.Count == 0);
        (await host.StatusAsync(Wire.Foreign(), "token-a2")).Should().Be(401);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer ")]
    public async Task Post_InstanceWithAnEmptyToken_LetsNobodyIn(string? empty)
    {
        await using var host = await StartAsync(new CallInstance { IdInstance = Wire.IdInstance, WebhookTokens = empty is null ? null : [empty] });

        (await host.StatusAsync(Wire.Foreign(), token: null)).Should().Be(401);
        (await host.StatusAsync(Wire.Foreign(), "Bearer ")).Should().Be(401);
        (await host.StatusAsync(Wire.Foreign(), "")).Should().Be(401);
        host.Logs.Of(2001).Should().ContainSingle().Which.Text.Should().Contain("no token is known here");
    }

    [Fact]
    public async Task Post_RouteOfAnInstance_TakesItsNotificationsOnly()
    {
        await using var host = await WebhookHost.StartAsync(new() { Pattern = RoutePattern });

        (await host.StatusAsync(Wire.Call(), path: "/hooks/1101000001")).Should().Be(200);
        (await host.StatusAsync(Wire.Call(), path: "/hooks/1101000002")).Should().Be(403);
        (await host.StatusAsync(Wire.Foreign(), path: "/hooks/1101000002")).Should().Be(403);
        (await host.StatusAsync(Wire.Call(), path: "/hooks/word")).Should().Be(404);
    }

    [Theory]
    [InlineData("word")]
    [InlineData("-1101000001")]
    [InlineData("99999999999999999999")]
    public async Task Post_RouteWithoutConstraintAndNoNumber_Answers403(string idInstance)
    {
        await using var host = await WebhookHost.StartAsync(new() { Pattern = "/hooks/{idInstance}" });

        (await host.StatusAsync(Wire.Call(), path: $"/hooks/{idInstance}")).Should().Be(403);
    }

    [Fact]
    public async Task Post_TokenOfOneInstanceOnTheRouteOfAnother_Answers403WithoutReading()
    {
        await using var host = await StartWithAsync(new() { Webhook = null, Pattern = RoutePattern }, Instance(Wire.IdInstance, "token-a"), Instance(Wire.OtherInstance, "token-b"));
        using var connection = await RawConnection.OpenAsync(host);
        await connection.SendHeadAsync("Content-Length: 400", "Bearer token-a", "/hooks/1101000002");

        (await connection.ReadStatusAsync()).Should().Be(403);

        host.Logs.Of(2002).Should().ContainSingle();
        (await host.StatusAsync(Wire.Call(), "token-a", "/hooks/1101000001")).Should().Be(200);
    }

    [Fact]
    public async Task Start_InstanceSourceAndNoToken_Starts()
    {
        await using var host = await StartAsync();

        (await host.StatusAsync(Wire.Call(), "anything")).Should().Be(401);
    }

    private sealed class RequestsAlone : ICallIntake
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

    private Task<WebhookHost> StartAsync(params CallInstance[] instances) => StartWithAsync(new() { Webhook = null }, instances);

    private async Task<WebhookHost> StartWithAsync(WebhookSetup setup, params CallInstance[] instances)
    {
        _listed.Set(instances);
        var host = await WebhookHost.StartAsync(new()
        {
            Webhook = setup.Webhook,
            Pattern = setup.Pattern,
            Host = builder => builder.Services.AddSingleton<IInstanceSource>(_listed),
        });
        await host.InstancesAsync(current => current.Count == instances.Length);
        return host;
    }
}
