using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;
using IncomingCalls.Processes;

namespace IncomingCalls.Cli.Tests.Inbox;

/// <summary><c>inbox calls</c>: was a call accepted, and what became of its deliveries.</summary>
public sealed class InboxCallsTests : IAsyncLifetime
{
    private HostedInbox _inbox = null!;

    public async Task InitializeAsync() => _inbox = await HostedInbox.StartAsync();

    public async Task DisposeAsync() => await _inbox.DisposeAsync();

    [Fact]
    public async Task Calls_ByCallId_ShowsNotificationsAndDeadLetters()
    {
        var result = await RunAsync("--call-id", "A1");

        result.ExitCode.Should().Be(0, result.Error);
        result.Lines.Should().HaveCount(4);
        result.Lines[0].Should().Be($"call        1101000001/A1 from {HostedInbox.Caller}@c.us, outcome Missed");
        result.Lines[1].Should().MatchRegex("^received    20[0-9-]{8} [0-9:]{8}$");
        result.Lines[2].Should().MatchRegex("^declined    Missed, 2026-09-21 [0-9:]{8}$");
        result.Lines[3].Should().MatchRegex("^dead letter 1: crm with Missed failed after 1 attempts\\. CallEventRejectedException").And.NotContain(HostedInbox.Caller, "stored errors are masked");
    }

    [Theory]
    [InlineData("--chat", HostedInbox.Caller)]
    [InlineData("--chat", $"+{HostedInbox.Caller}")]
    [InlineData("--chat", $"{HostedInbox.Caller}@c.us")]
    [InlineData("--id-instance", "1101000001")]
    public async Task Calls_OfAChatOrInstance_AreListedNewestFirst(string option, string value)
    {
        var all = await RunAsync(option, value);
        var newest = await RunAsync(option, value, "--limit", "1");

        all.Lines.Where(line => line.StartsWith("call ", StringComparison.Ordinal)).Should().SatisfyRespectively(
            line => line.Should().Contain("1101000001/A2"), line => line.Should().Contain("1101000001/A1"));
        newest.Lines.Where(line => line.StartsWith("call ", StringComparison.Ordinal)).Should().ContainSingle().Which.Should().Contain("1101000001/A2");
    }

    [Fact]
    public async Task Calls_AsJson_AreOneObjectEach()
    {
        var call = (await RunAsync("--call-id", "A2", "--json")).Json.Should().ContainSingle().Which;

        call.GetProperty("type").GetString().Should().Be("call");
        call.GetProperty("callId").GetString().Should().Be("A2");
        call.GetProperty("outcome").GetString().Should().Be("Missed");
        call.GetProperty("notifications")[0].GetProperty("status").GetString().Should().Be("declined");
        call.GetProperty("deadLetters")[0].GetProperty("handler").GetString().Should().Be("crm");
        call.GetProperty("pending").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Calls_AllDeliveriesSucceeded_SaysSo()
    {
        _inbox.Crm.IsUp = true;
        await ToolProcess.RunAsync("inbox", "replay", _inbox.File, "1");
        await _inbox.WaitForCountsAsync(deadLetters: 1, quarantined: 1);

        (await RunAsync("--call-id", "A1")).Lines[^1].Should().Be("handled     nothing is pending, and no dead letter is stored");
    }

    [Fact]
    public async Task Calls_PendingDeliveries_ShowsWhatTheyWaitFor()
    {
        var file = Path.Combine(Path.GetDirectoryName(_inbox.File)!, "pending.db");
        File.Copy(Path.Combine(Repository.Root, "tests", "IncomingCalls.Sqlite.Tests", "Fixtures", "inbox-v4.db"), file);

        var result = await ToolProcess.RunAsync("inbox", "calls", file);
        var json = await ToolProcess.RunAsync("inbox", "calls", file, "--json");

        result.Lines.Where(line => line.StartsWith("pending ", StringComparison.Ordinal)).Should().HaveCount(3)
            .And.Contain(line => line.Contains("with ") && line.Contains(" is due "));
        json.Json.Sum(call => call.GetProperty("pending").GetArrayLength()).Should().Be(3);
    }

    [Theory]
    [InlineData("--call-id", "A7")]
    [InlineData("--chat", "123")]
    [InlineData("--id-instance", "7")]
    public async Task Calls_NoMatch_SaysWhy(string option, string value) =>
        (await RunAsync(option, value)).ShouldHaveFailed(
            ExitCode.Unusable,
            $"No such call is in {_inbox.File}. It was not accepted, the scenario or policy discarded it, or it is older than the deduplication window. 'inbox list --quarantine' shows what could not be read.");

    [Fact]
    public async Task Calls_NewInbox_SaysThatItIsEmpty()
    {
        var file = Path.Combine(Path.GetDirectoryName(_inbox.File)!, "new.db");
        await _inbox.CreateEmptyAsync(file);

        (await ToolProcess.RunAsync("inbox", "calls", file)).Output.Should().Be("There are no calls in the inbox.");
    }

    [Fact]
    public async Task Limit_OutOfRange_ReportsOneSentence() =>
        (await RunAsync("--limit", "0")).ShouldHaveFailed(ExitCode.Usage, "--limit takes a whole number from 1 to 1000.");

    private Task<ToolResult> RunAsync(params string[] arguments) => ToolProcess.RunAsync(["inbox", "calls", _inbox.File, .. arguments]);
}
