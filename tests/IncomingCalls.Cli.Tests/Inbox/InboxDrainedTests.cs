using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;

namespace IncomingCalls.Cli.Tests.Inbox;

/// <summary><c>inbox drained</c>: its exit code says whether the host can use another inbox.</summary>
public sealed class InboxDrainedTests : IAsyncLifetime
{
    private HostedInbox _inbox = null!;

    public async Task InitializeAsync() => _inbox = await HostedInbox.StartAsync();

    public async Task DisposeAsync() => await _inbox.DisposeAsync();

    [Fact]
    public async Task Drained_NothingPending_SucceedsAndListsTheFailedItems()
    {
        var result = await ToolProcess.RunAsync("inbox", "drained", _inbox.File);

        result.ExitCode.Should().Be(0, result.Error);
        result.Lines.Take(3).Should().Equal("drained       yes: nothing is pending", "dead letters  2", "quarantine    1");
        result.Lines.Skip(3).Should().SatisfyRespectively(
            line => line.Should().Contain("/A1/Missed"), line => line.Should().Contain("/A2/Missed"), line => line.Should().Contain("NotUnderstood, "));
        result.Output.Should().NotContain(HostedInbox.Caller);
    }

    [Fact]
    public async Task Drained_ReplayRequested_FailsUntilTheHostHasReplayed()
    {
        await _inbox.StopHostAsync();
        await ToolProcess.RunAsync("inbox", "replay", _inbox.File, "--all");

        var result = await ToolProcess.RunAsync("inbox", "drained", _inbox.File, "--json");

        result.ExitCode.Should().Be((int)ExitCode.ProblemsFound);
        (result.Json[0].GetProperty("isDrained").GetBoolean(), result.Json[0].GetProperty("requestedReplays").GetInt64()).Should().Be((false, 2));
    }

    [Fact]
    public async Task Drained_DeliveriesPendingWhenTheTimeHasPassed_Fails()
    {
        var result = await ToolProcess.RunAsync("inbox", "drained", PendingFile(), "--wait", "1s");

        result.ExitCode.Should().Be((int)ExitCode.ProblemsFound);
        result.Lines[1].Should().StartWith("drained       no: 3 pending, 0 to be replayed.");
    }

    [Fact]
    public async Task Drained_InterruptedWhileItWaits_Fails()
    {
        await using var tool = ToolProcess.Start("inbox", "drained", PendingFile(), "--wait", "1h");
        (await tool.ReadLineAsync()).Should().Be("Waiting: 3 pending, 0 to be replayed.");

        await tool.SendSignalAsync("TERM");

        (await tool.WaitForExitAsync()).ExitCode.Should().Be((int)ExitCode.ProblemsFound);
    }

    private string PendingFile()
    {
        var file = Path.Combine(Path.GetDirectoryName(_inbox.File)!, "pending.db");
        File.Copy(Path.Combine(Repository.Root, "tests", "IncomingCalls.Sqlite.Tests", "Fixtures", "inbox-v4.db"), file);
        return file;
    }
}
