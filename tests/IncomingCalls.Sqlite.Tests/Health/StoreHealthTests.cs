using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Tests.Health;

public class StoreHealthTests
{
    private const int NotWritable = 4003;
    private const int WritableAgain = 4004;

    [MovableFileFact]
    public async Task AcceptAsync_FileMissing_StoresNothingUntilItIsBack()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"));
        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 1);

        using (new MissingFile(folder.Path))
        {
            await ShouldRefuseAsync(host);
            File.Exists(folder.Path).Should().BeFalse("a new empty file would contain no calls");
        }

        (await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
        (await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);
        // The settlement of the first event may have failed; it is retried a second later.
        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 2, TimeSpan.FromSeconds(1));
        host.Recorder.Events.Select(callEvent => callEvent.Kind).Should().Equal(CallEventKind.Offered, CallEventKind.Missed);
    }

    [MovableFileFact]
    public async Task AcceptAsync_FileNotWritable_IsLoggedOncePerMinuteAndOnceOnRecovery()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);

        using (new MissingFile(folder.Path))
        {
            await ShouldRefuseAsync(host);
            await ShouldRefuseAsync(host);
            CountLogs(host, NotWritable).Should().Be(1, "the error is logged at most once a minute");

            host.Clock.Advance(TimeSpan.FromSeconds(59));
            await ShouldRefuseAsync(host);
            CountLogs(host, NotWritable).Should().Be(1, "a minute has not passed");

            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await ShouldRefuseAsync(host);
            CountLogs(host, NotWritable).Should().Be(2, "the error is logged again after a minute");
            CountLogs(host, WritableAgain).Should().Be(0);
        }

        await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"));
        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 1);
        CountLogs(host, WritableAgain).Should().Be(0, "the file has been writable for less than 5 seconds");
        await host.WaitUntilAsync(() => CountLogs(host, WritableAgain) == 1, TimeSpan.FromSeconds(1));
        CountLogs(host, NotWritable).Should().Be(2);
    }

    [MovableFileFact]
    public async Task AcceptAsync_IntermittentFailure_IsLoggedOncePerMinuteWithoutARecovery()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);

        for (var i = 0; i < 10; i++)
        {
            using (new MissingFile(folder.Path))
            {
                await ShouldRefuseAsync(host);
            }

            await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer", $"{i}"));
        }

        CountLogs(host, NotWritable).Should().Be(1);
        CountLogs(host, WritableAgain).Should().Be(0);
    }

    [MovableFileFact]
    public async Task Start_AfterTheFileWasDeleted_FollowsTheAdviceOfTheError()
    {
        using var folder = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(folder.Path))
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"));
            await host.WaitUntilAsync(() => host.Recorder.Events.Count == 1);
            File.Delete(folder.Path);
            await ShouldRefuseAsync(host, "The file is gone. Put the original file back; or stop the host, move away the -wal file, which belongs to the original file, and start the host.");
        }

        (await FluentActions.Awaiting(() => SqliteHost.StartAsync(folder.Path)).Should().ThrowAsync<InvalidOperationException>())
            .WithMessage("The write-ahead log*is missing or empty*move the log away.");
        File.Delete($"{folder.Path}-wal");

        await using var next = await SqliteHost.StartAsync(folder.Path);
        (await next.Intake.AcceptAsync(SqliteHost.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    /// <summary>The open file is replaced by a backup: further writes would go to a file that has no name any more.</summary>
    [MovableFileFact]
    public async Task AcceptAsync_FileReplaced_StoresNothingUntilTheOriginalIsBack()
    {
        using var folder = new InboxFolder();
        using var other = new InboxFolder();
        await using (await SqliteHost.StartAsync(other.Path))
        {
        }

        var backup = await File.ReadAllBytesAsync(other.Path);
        await using (var host = await SqliteHost.StartAsync(folder.Path))
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"));
            await host.WaitUntilAsync(() => host.Recorder.Events.Count == 1);

            using (new MissingFile(folder.Path))
            {
                File.Copy(other.Path, folder.Path);
                await ShouldRefuseAsync(host, "Another file is in its place");
                await ShouldRefuseAsync(host, "Another file is in its place");
                (await File.ReadAllBytesAsync(folder.Path)).Should().Equal(backup, "another file must not be changed");
                File.Delete(folder.Path);
                await ShouldRefuseAsync(host);
                File.Copy(other.Path, folder.Path);
                await ShouldRefuseAsync(host, "Another file is in its place");
                File.Delete(folder.Path);
            }

            (await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
            (await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);
        }

        await using var next = await SqliteHost.StartAsync(folder.Path);
        (await next.Intake.AcceptAsync(SqliteHost.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    /// <summary>A logger that writes to the disk throws when the disk is full, which is when this inbox logs errors.</summary>
    [MovableFileFact]
    public async Task AcceptAsync_LoggerThrows_InboxContinues()
    {
        using var folder = new InboxFolder();
        using var logger = new ThrowingLogger();
        await using var host = await SqliteHost.StartAsync(folder.Path, configure: calls => calls.Services.AddSingleton<ILoggerProvider>(logger));
        logger.IsThrowing = true;

        using (new MissingFile(folder.Path))
        {
            await ShouldRefuseAsync(host);
            await ShouldRefuseAsync(host);
        }

        (await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Stored);
        await host.Services.GetRequiredService<ICallInbox>().QuarantineAsync(
            new() { Reason = QuarantineReason.NotUnderstood, Explanation = "No id.", Utf8Json = "{}"u8.ToArray(), ReceivedAt = SqliteHost.Now }, CancellationToken.None)
            .AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        (await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);
        // The host logs as well when it stops.
        logger.IsThrowing = false;
    }

    private static async Task ShouldRefuseAsync(SqliteHost host, string because = "The file is gone")
    {
        var accepting = () => host.Intake.AcceptAsync(SqliteHost.CreateCall("declined")).AsTask();
        (await accepting.Should().ThrowAsync<CallInboxUnavailableException>()).WithMessage($"The notification was not stored: {because}*");
    }

    private static int CountLogs(SqliteHost host, int id) => host.Logs.GetSnapshot().Count(record => record.Id.Id == id);
}

/// <summary>A logger that can be made to throw.</summary>
internal sealed class ThrowingLogger : ILoggerProvider, ILogger
{
    public bool IsThrowing { get; set; }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsThrowing)
        {
            throw new IOException("No space left on device.");
        }
    }

    public void Dispose() => IsThrowing = false;
}
