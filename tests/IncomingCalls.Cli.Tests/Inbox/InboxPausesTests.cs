using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;
using IncomingCalls.Processes;

namespace IncomingCalls.Cli.Tests.Inbox;

/// <summary>The commands for paused destinations, with a host whose CRM has revoked the token of a portal.</summary>
public sealed class InboxPausesTests : IAsyncLifetime
{
    private const string Portal = "bitrix24:portal-7";

    private HostedInbox _inbox = null!;

    public async Task InitializeAsync()
    {
        _inbox = await HostedInbox.StartAsync();
        _inbox.Crm.UnavailablePortal = Portal;
        await _inbox.CallAsync("A3");
        await Eventually.HoldsAsync(async () => (await new SqliteInboxFile(_inbox.File).ListPausesAsync()).Should().ContainSingle());
    }

    public async Task DisposeAsync() => await _inbox.DisposeAsync();

    [Fact]
    public async Task Pauses_DestinationUnavailable_SaysSinceWhenAndWhy()
    {
        var text = await RunAsync("pauses");
        var json = (await RunAsync("pauses", "--json")).Json.Should().ContainSingle().Which;

        text.Lines.Should().ContainSingle().Which.Should().MatchRegex(
            $"^20[0-9-]{{8}} [0-9:]{{8}}  crm to {Portal}: unavailable, 1 failures, next probe 20[0-9-]{{8}} [0-9:]{{8}}\\. DestinationUnavailableException: The token was revoked\\.$");
        (json.GetProperty("type").GetString(), json.GetProperty("handler").GetString(), json.GetProperty("destination").GetString()).Should().Be(("pause", "crm", Portal));
        (json.GetProperty("isUnavailable").GetBoolean(), json.GetProperty("failures").GetInt32()).Should().Be((true, 1));
        (json.GetProperty("until").GetDateTimeOffset() - json.GetProperty("since").GetDateTimeOffset()).Should().Be(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Stats_DestinationUnavailable_ShowsThePausedDeliveries()
    {
        var text = await RunAsync("stats");
        var json = (await RunAsync("stats", "--json")).Json.Single();

        text.Lines[0].Should().StartWith("pending       1: 0 due, 0 waiting for a name, 0 for a retry, 0 for their settle time, 1 for a paused destination; the oldest since ");
        text.Lines[1].Should().Be("paused        1 destinations: 'inbox pauses' lists them");
        (json.GetProperty("settling").GetInt64(), json.GetProperty("paused").GetInt64(), json.GetProperty("pausedDestinations").GetInt64()).Should().Be((0, 1, 1));
    }

    [Theory]
    [InlineData("--handler crm --destination bitrix24:portal-7", "handler crm, destination bitrix24:portal-7")]
    [InlineData("--destination bitrix24:portal-7", "destination bitrix24:portal-7")]
    [InlineData("--all", "all")]
    public async Task Resume_WhileTheHostRuns_DeliveriesContinue(string selection, string logged)
    {
        (_inbox.Crm.UnavailablePortal, _inbox.Crm.IsUp) = (null, true);

        var result = await RunAsync(["resume", .. selection.Split(' '), "--by", "Anna"]);

        (result.Output, result.ExitCode).Should().Be(("1 pauses ended: the deliveries continue within seconds if a host is running, otherwise when a host starts.", 0));
        await Eventually.HoldsAsync(() => _inbox.Crm.Events.Should().Equal("1101000001/A3/Missed"));
        (await RunAsync("pauses")).Output.Should().Be("No destination is paused.");
        (await RunAsync("log")).Lines.Should().ContainSingle().Which.Should().EndWith($" Anna ended 1 pauses: {logged}");
    }

    [Fact]
    public async Task Resume_NoSuchPause_ReportsOneSentence()
    {
        (await RunAsync("resume", "--handler", "other", "--destination", Portal)).ShouldHaveFailed(
            ExitCode.Unusable, $"No such pause is in {_inbox.File}: it has ended, or the handler or the destination has another name. 'inbox pauses' lists the pauses.");
        (await RunAsync("pauses")).Lines.Should().ContainSingle().Which.Should().Contain(Portal, "nothing was changed");
        (await RunAsync("log")).Output.Should().Be("Nothing was replayed, purged or resumed yet.");
    }

    [Fact]
    public async Task Resume_AllOfNothing_Succeeds()
    {
        await _inbox.StopHostAsync();
        await RunAsync("resume", "--all");

        var result = await RunAsync("resume", "--all");
        var json = await RunAsync("resume", "--all", "--json");

        (result.Output, result.ExitCode).Should().Be(("No destination is paused.", 0));
        json.Json.Single().GetProperty("count").GetInt32().Should().Be(0);
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("resume --all --handler crm")]
    public async Task Resume_SelectionInvalid_ReportsOneSentence(string arguments) =>
        (await RunAsync(arguments.Split(' '))).ShouldHaveFailed(ExitCode.Usage, "'resume' requires either --all, or --handler, --destination or both. See incoming-calls inbox resume --help.");

    private Task<ToolResult> RunAsync(params string[] arguments) => ToolProcess.RunAsync(["inbox", arguments[0], _inbox.File, .. arguments.Skip(1)]);
}
