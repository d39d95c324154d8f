using System.Text.Json;
using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;
using IncomingCalls.Processes;

namespace IncomingCalls.Cli.Tests.Inbox;

public sealed class InboxTests : IAsyncLifetime
{
    private HostedInbox _inbox = null!;

    public async Task InitializeAsync() => _inbox = await HostedInbox.StartAsync();

    public async Task DisposeAsync() => await _inbox.DisposeAsync();

    [Fact]
    public async Task Stats_WhileTheHostRuns_ReportsFailures()
    {
        var text = await RunAsync("stats");
        var json = (await RunAsync("stats", "--json")).Json.Single();

        text.Output.Should().Be("pending       0\ndead letters  2\nquarantine    1");
        (json.GetProperty("depth").GetInt64(), json.GetProperty("deadLetters").GetInt64(), json.GetProperty("quarantined").GetInt64()).Should().Be((0, 2, 1));
    }

    [Fact]
    public async Task List_DeadLetters_PrintsOneLineEachInPages()
    {
        var all = await RunAsync("list");
        var second = await RunAsync("list", "--limit", "1", "--after", "1", "--json");

        all.Lines.Should().HaveCount(2);
        all.Lines[0].Should().MatchRegex("^    1  20[0-9-]{8} [0-9:]{8}  crm: 1101000001/A1/Missed, 1 attempts\\. ").And.NotContain(HostedInbox.Caller, "stored errors are masked");
        var letter = second.Json.Should().ContainSingle().Which;
        letter.GetProperty("type").GetString().Should().Be("deadLetter");
        letter.GetProperty("id").GetInt64().Should().Be(2);
        letter.GetProperty("eventId").GetString().Should().Be("1101000001/A2/Missed");
        letter.GetProperty("handler").GetString().Should().Be("crm");
    }

    [Fact]
    public async Task List_Quarantine_ShowsReasonsWithoutBodies()
    {
        var line = (await RunAsync("list", "--quarantine")).Lines.Should().ContainSingle().Which;

        line.Should().Contain("NotUnderstood, ").And.NotContain(HostedInbox.Caller);
    }

    [Theory]
    [InlineData("", "There are no items in the dead letters.")]
    [InlineData("--quarantine", "There are no items in the quarantine.")]
    [InlineData("--quarantine --after 1", "There are no items in the quarantine after id 1.")]
    public async Task List_Nothing_SaysSo(string arguments, string text)
    {
        await RunAsync("purge", "--all", "--yes");
        await RunAsync("purge", "--all", "--yes", "--quarantine");
        string[] options = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var result = await RunAsync(["list", .. options]);
        var json = await RunAsync(["list", .. options, "--json"]);

        (result.Output, result.ExitCode).Should().Be((text, 0));
        (json.Output, json.ExitCode).Should().Be(("", 0), "programs count the lines");
    }

    [Fact]
    public async Task Show_DeadLetter_ShowsEverything()
    {
        var result = await RunAsync("show", "2");

        result.Lines.Select(line => line.Split(' ')[0]).Should().Equal("dead", "event", "occurred", "handler", "failed", "error");
        result.Output.Should().Contain("1101000001/A2/Missed").And.Contain("CallEventRejectedException");
    }

    [Fact]
    public async Task Show_Quarantined_ShowsTheBodyUnchanged()
    {
        var text = await RunAsync("show", "1", "--quarantine");
        var json = await RunAsync("show", "1", "--quarantine", "--json");

        text.Lines[^1].Should().Be($"{{\"typeWebhook\":\"incomingCall\",\"from\":\"{HostedInbox.Caller}@c.us\"}}");
        using var body = JsonDocument.Parse(json.Json.Single().GetProperty("body").GetString()!);
        body.RootElement.GetProperty("from").GetString().Should().Be($"{HostedInbox.Caller}@c.us");
    }

    [Fact]
    public async Task Replay_OneWhileTheHostRuns_IsHandled()
    {
        _inbox.Crm.IsUp = true;

        var result = await RunAsync("replay", "1");

        result.Output.Should().StartWith("1 from the dead letters to be replayed");
        await Eventually.HoldsAsync(() => _inbox.Crm.Events.Should().Equal("1101000001/A1/Missed"));
        await _inbox.WaitForCountsAsync(deadLetters: 1, quarantined: 1);
    }

    [Fact]
    public async Task Replay_AllWithoutAHost_IsRequestedForTheNextStart()
    {
        await _inbox.StopHostAsync();

        var result = await RunAsync("replay", "--all", "--json");
        var listed = await RunAsync("list");

        result.Json.Single().GetProperty("count").GetInt32().Should().Be(2);
        listed.Lines.Should().HaveCount(2).And.OnlyContain(line => line.EndsWith("(to be replayed)"));
    }

    [Fact]
    public async Task Purge_One_RemovesIt()
    {
        var result = await RunAsync("purge", "2");

        result.Output.Should().Be("1 purged from the dead letters.");
        await _inbox.WaitForCountsAsync(deadLetters: 1, quarantined: 1);
    }

    [Fact]
    public async Task Purge_AllNotInteractive_RemovesNothing()
    {
        (await RunAsync("purge", "--all")).ShouldHaveFailed(ExitCode.Declined, "Permanently remove all 2 items from the dead letters? The question cannot be answered because the input is redirected. Add --yes to confirm.");

        await _inbox.WaitForCountsAsync(deadLetters: 2, quarantined: 1);
    }

    [Fact]
    public async Task Purge_AllWithYes_RemovesAll()
    {
        (await RunAsync("purge", "--all", "--quarantine", "--yes")).Output.Should().Be("1 purged from the quarantine.");

        await _inbox.WaitForCountsAsync(deadLetters: 2, quarantined: 0);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("purge")]
    public async Task ReplayAndPurge_AllOfNothing_Succeed(string verb)
    {
        await RunAsync("purge", "--all", "--quarantine", "--yes");

        (await RunAsync(verb, "--all", "--quarantine")).Output.Should().Be("There are no items in the quarantine.");
    }

    [Theory]
    [InlineData("y", (int)ExitCode.Success, 0)]
    [InlineData("", (int)ExitCode.Declined, 2)]
    [InlineData("no", (int)ExitCode.Declined, 2)]
    public async Task Purge_AllAtATerminal_AsksForConfirmation(string answer, int code, long left)
    {
        using var answers = new StringReader($"{answer}\n");
        using var error = new StringWriter();
        var terminal = new Terminal { Out = TextWriter.Null, Error = error, In = answers, IsInteractive = false, Time = TimeProvider.System };

        (await Tool.RunAsync(["inbox", "purge", _inbox.File, "--all"], terminal)).Should().Be((ExitCode)code);

        error.ToString().Should().StartWith("Permanently remove all 2 items from the dead letters? [y/N] ");
        await _inbox.WaitForCountsAsync(left, quarantined: 1);
    }

    [Theory]
    [InlineData("show", "There is no item 7 in the dead letters of ")]
    [InlineData("replay", "There is no item 7 in the dead letters of ")]
    [InlineData("purge", "There is no item 7 in the dead letters of ")]
    public async Task Item_Missing_ReportsOneSentence(string verb, string sentence) =>
        (await RunAsync(verb, "7")).ShouldHaveFailed(ExitCode.Unusable, sentence);

    [Theory]
    [InlineData("replay", "'replay' requires either an id, --all, or a filter such as --handler. See incoming-calls inbox replay --help.")]
    [InlineData("replay 1 --all", "'replay' requires either an id, --all, or a filter such as --handler.")]
    [InlineData("purge --all --handler crm", "'purge' requires either an id, --all, or a filter such as --handler.")]
    [InlineData("purge 1 --account acme", "'purge' requires either an id, --all, or a filter such as --handler.")]
    [InlineData("show", "'show' requires an id. See incoming-calls inbox show --help.")]
    [InlineData("list --kind Rung", "--kind takes Unrecognized, Offered, Answered, Dropped, Missed, OutcomeUnknown, NotAnswered, Failed or CallbackClosed.")]
    [InlineData("list --kind 4", "--kind takes Unrecognized, Offered, ")]
    [InlineData("list --from yesterday", "--from takes a time such as 2026-11-23, \"2026-11-23 15:20\" or 2026-11-23T15:20:11+03:00.")]
    [InlineData("list --quarantine --handler crm", "--account, --handler and --kind select dead letters, and not quarantined notifications.")]
    [InlineData("stats --postgres INCOMING_CALLS_POSTGRES", "An inbox is either a file or --postgres.")]
    [InlineData("stats --schema other", "--schema requires --postgres.")]
    [InlineData("purge one", "An id is a whole number")]
    [InlineData("list --limit 0", "--limit takes a whole number from 1 to 1000.")]
    public async Task CommandLine_Invalid_ReportsOneSentence(string arguments, string sentence) =>
        (await RunAsync(arguments.Split(' '))).ShouldHaveFailed(ExitCode.Usage, sentence);

    private Task<ToolResult> RunAsync(params string[] arguments) =>
        ToolProcess.RunAsync(["inbox", arguments[0], _inbox.File, .. arguments.Skip(1)]);
}
