using Microsoft.Data.Sqlite;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class LockedFileTests
{
    [UnixFact]
    public async Task AnotherProcess_HoldsTheFileLongerThanTheBusyTime_NothingIsAcknowledgedUntilItLetsGo()
    {
        await using var desk = await FaultDesk.StartAsync();
        await using var host = await desk.StartListeningAsync();
        desk.Ring();
        await desk.UntilHandledAsync(host);

        using (var other = new SqliteConnection($"Data Source={desk.InboxPath};Pooling=false"))
        {
            other.Open();
            Execute(other, "BEGIN IMMEDIATE");
            desk.Ring();
            await desk.UntilRefusedAsync(host, times: 1);
            await FaultDesk.UntilLoggedAsync(host, "Error 3016 ");

            desk.Gateway.Waiting.Should().Be(4);
            Execute(other, "ROLLBACK");
        }

        await desk.UntilHandledAsync(host);
        FaultDesk.LinesOf(host, "Error 4003 ").Should().Be(1);
        FaultDesk.LinesOf(host, "Information 4004 ").Should().Be(1);
        await desk.EndWellAsync(host);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
