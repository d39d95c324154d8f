using IncomingCalls.Inboxes;
using IncomingCalls.Sqlite.Tests.Hosting;

namespace IncomingCalls.Sqlite.Tests.Diagnostics;

public class TroubleTests
{
    private const int NotWritable = 4003;
    private const int WritableAgain = 4004;

    [MovableFileFact]
    public async Task AcceptAsync_FileIsGone_NothingIsKeptUntilItIsBack()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        await host.Intake.AcceptAsync(SqliteHost.Call("offer"));
        await host.UntilAsync(() => host.Told.Events.Count == 1);

        using (new MissingFile(folder.Path))
        {
            await RefusesAsync(host);
            File.Exists(folder.Path).Should().BeFalse("an empty file in its place would forget every call");
        }

        (await host.Intake.AcceptAsync(SqliteHost.Call("offer"))).Outcome.Should().Be(IntakeOutcome.Repeat);
        (await host.Intake.AcceptAsync(SqliteHost.Call("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);
        // The mark of the first may have met the trouble, and is written a second later.
        await host.UntilAsync(() => host.Told.Events.Count == 2, TimeSpan.FromSeconds(1));
        host.Told.Events.Select(told => told.Kind).Should().Equal(CallEventKind.Offered, CallEventKind.Missed);
    }

    [MovableFileFact]
    public async Task AcceptAsync_FileCannotBeWritten_IsSaidOnceAMinuteAndOnceWhenItIsOver()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);

        using (new MissingFile(folder.Path))
        {
            await RefusesAsync(host);
            await RefusesAsync(host);
            Said(host, NotWritable).Should().Be(1, "once is enough");

            host.Clock.Advance(TimeSpan.FromSeconds(59));
            await RefusesAsync(host);
            Said(host, NotWritable).Should().Be(1, "a minute is not over");

            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await RefusesAsync(host);
            Said(host, NotWritable).Should().Be(2, "it still lasts");
            Said(host, WritableAgain).Should().Be(0);
        }

        await host.Intake.AcceptAsync(SqliteHost.Call("offer"));
        await host.UntilAsync(() => host.Told.Events.Count == 1);
        Said(host, WritableAgain).Should().Be(1);
        Said(host, NotWritable).Should().Be(2);
    }

    [MovableFileFact]
    public async Task AcceptAsync_TroubleComesAndGoes_IsSaidOnceAMinuteAllTheSame()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);

        for (var i = 0; i < 10; i++)
        {
            using (new MissingFile(folder.Path))
            {
                await RefusesAsync(host);
            }

            await host.Intake.AcceptAsync(SqliteHost.Call("offer", $"{i}"));
        }

        Said(host, NotWritable).Should().Be(1);
        Said(host, WritableAgain).Should().Be(1);
    }

    private static async Task RefusesAsync(SqliteHost host)
    {
        var accepting = () => host.Intake.AcceptAsync(SqliteHost.Call("declined")).AsTask();
        (await accepting.Should().ThrowAsync<CallInboxUnavailableException>()).WithMessage("The inbox file cannot be written: *is gone*");
    }

    private static int Said(SqliteHost host, int id) => host.Logs.GetSnapshot().Count(record => record.Id.Id == id);
}
