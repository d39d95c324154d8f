using System.Globalization;
using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;

namespace IncomingCalls.Cli.Tests.Inbox;

/// <summary>The options that filter failed items, and the log of what was done with them.</summary>
public sealed class InboxFilterTests : IAsyncLifetime
{
    private HostedInbox _inbox = null!;

    public async Task InitializeAsync() => _inbox = await HostedInbox.StartAsync();

    public async Task DisposeAsync() => await _inbox.DisposeAsync();

    [Theory]
    [InlineData("--instance 1101000001", 2)]
    [InlineData("--id-instance 1101000002", 0)]
    [InlineData("--account acme", 0)]
    [InlineData("--handler crm --kind missed --error REJECTED", 2)]
    [InlineData("--kind Answered", 0)]
    [InlineData("--from 2000-01-01 --to 2100-01-01T10:20+03:00", 2)]
    [InlineData("--to 2000-01-01T10:20:30Z", 0)]
    [InlineData("--quarantine --error notunderstood", 1)]
    [InlineData("--quarantine --to 2000-01-01", 0)]
    public async Task List_Filter_ListsWhatMatches(string options, int count)
    {
        var result = await RunAsync(["list", .. options.Split(' ')]);

        result.ExitCode.Should().Be(0, result.Error);
        (count == 0 ? result.Output.StartsWith("There are no such items in the ", StringComparison.Ordinal) : result.Lines.Count == count).Should().BeTrue(result.Output);
    }

    [Fact]
    public async Task List_TimeWithoutAnOffset_IsInTheLocalTimeZone()
    {
        var second = (await RunAsync("list", "--json")).Json[1].GetProperty("failedAt").GetDateTimeOffset();
        var local = second.ToLocalTime().AddSeconds(1).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var utc = second.AddSeconds(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

        (await RunAsync("list", "--to", local)).Lines.Should().HaveCount(2);
        (await RunAsync("list", "--to", utc)).Lines.Should().HaveCount(2);
        (await RunAsync("list", "--from", local)).Output.Should().Be("There are no such items in the dead letters.");
    }

    [Fact]
    public async Task Replay_Filter_IsLoggedWithItsOperator()
    {
        await _inbox.StopHostAsync();

        (await RunAsync("replay", "--handler", "crm", "--error", "rejected", "--by", "Anna")).Output.Should().StartWith("2 from the dead letters to be replayed");
        (await RunAsync("replay", "--handler", "other")).Output.Should().Be("There are no such items in the dead letters.");
        (await RunAsync("purge", "2")).ExitCode.Should().Be(0);
        (await RunAsync("purge", "--quarantine", "--all", "--yes")).ExitCode.Should().Be(0);

        var text = await RunAsync("log");
        text.Lines.Should().HaveCount(3);
        text.Lines[0].Should().MatchRegex($"^    3  20[0-9-]{{8}} [0-9:]{{8}}  {Environment.UserName}@{Environment.MachineName} purged 1 quarantined notifications: all$");
        text.Lines[1].Should().EndWith(" purged 1 dead letters: id 2");
        text.Lines[2].Should().EndWith(" Anna replayed 2 dead letters: handler crm, error rejected");
        var json = (await RunAsync("log", "--json", "--limit", "1")).Json.Should().ContainSingle().Which;
        (json.GetProperty("type").GetString(), json.GetProperty("action").GetString(), json.GetProperty("count").GetInt32()).Should().Be(("administration", "PurgeQuarantine", 1));
    }

    [Fact]
    public async Task Log_NothingDone_SaysSo() => (await RunAsync("log")).Output.Should().Be("Nothing was replayed, purged or resumed yet.");

    [Fact]
    public async Task Purge_FilterNotInteractive_CountsWhatMatchesAndRemovesNothing()
    {
        (await RunAsync("purge", "--instance", "1101000001")).ShouldHaveFailed(
            ExitCode.Declined, "Permanently remove 2 items from the dead letters? The question cannot be answered because the input is redirected. Add --yes to confirm.");
        (await RunAsync("purge", "--instance", "1101000002")).Output.Should().Be("There are no such items in the dead letters.");
        await _inbox.WaitForCountsAsync(deadLetters: 2, quarantined: 1);

        (await RunAsync("purge", "--instance", "1101000001", "--yes")).Output.Should().Be("2 purged from the dead letters.");
    }

    private Task<ToolResult> RunAsync(params string[] arguments) => ToolProcess.RunAsync(["inbox", arguments[0], _inbox.File, .. arguments.Skip(1)]);
}
