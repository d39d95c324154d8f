using IncomingCalls.Inboxes;
using IncomingCalls.Sqlite.Tests.Hosting;

namespace IncomingCalls.Sqlite.Tests.Diagnostics;

public class TroubleTests
{
    private const int NotWritable = 4003;
    private const int WritableAgain = 4004;

    [Fact]
    public async Task AcceptAsync_FileCannotBeWritten_IsSaidOnceAMinuteAndOnceWhenItIsOver()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);

        using (new Refusal(folder.Path))
        {
            await RefusesAsync(host, times: 3);
            Said(host, NotWritable).Should().Be(1, "once is enough");

            host.Clock.Advance(TimeSpan.FromSeconds(59));
            await RefusesAsync(host, times: 3);
            Said(host, NotWritable).Should().Be(1, "a minute is not over");

            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await RefusesAsync(host, times: 3);
            Said(host, NotWritable).Should().Be(2, "it still lasts");
            Said(host, WritableAgain).Should().Be(0);
        }

        (await host.Intake.AcceptAsync(SqliteHost.Call("offer"))).Outcome.Should().Be(IntakeOutcome.Stored);
        await host.UntilAsync(() => Said(host, WritableAgain) == 1);
        Said(host, NotWritable).Should().Be(2);
        host.Told.Events.Count.Should().BeLessThanOrEqualTo(1, "what was refused was not kept");
    }

    private static async Task RefusesAsync(SqliteHost host, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var accepting = () => host.Intake.AcceptAsync(SqliteHost.Call("offer")).AsTask();
            (await accepting.Should().ThrowAsync<CallInboxUnavailableException>()).WithMessage($"*cannot be written*{Refusal.Reason}*");
        }
    }

    private static int Said(SqliteHost host, int id) => host.Logs.GetSnapshot().Count(record => record.Id.Id == id);
}
