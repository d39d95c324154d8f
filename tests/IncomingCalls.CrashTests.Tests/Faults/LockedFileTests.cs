using Microsoft.Data.Sqlite;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class LockedFileTests
{
    [UnixFact]
    public async Task Accept_FileLockedLongerThanTheBusyTimeout_IsNotAcknowledgedUntilReleased()
    {
        await using var desk = await FaultEnvironment.StartAsync();
        await using var host = await desk.StartListeningAsync();
        desk.PlaceMissedCalls();
        await desk.WaitUntilHandledAsync(host);

        using (var other = new SqliteConnection($"Data Source={desk.InboxPath};Pooling=false"))
        {
            other.Open();
            Execute(other, "BEGIN IMMEDIATE");
            desk.PlaceMissedCalls();
            await desk.WaitUntilRefusedAsync(host, times: 1);
            await FaultEnvironment.WaitUntilLoggedAsync(host, "Error 3016 ");

            desk.Gateway.WaitingCount.Should().Be(4);
            Execute(other, "ROLLBACK");
        }

        await desk.WaitUntilHandledAsync(host);
        FaultEnvironment.CountLogLines(host, "Error 4003 ").Should().Be(1);
        FaultEnvironment.CountLogLines(host, "Information 4004 ").Should().Be(1);
        await desk.StopAndCheckAsync(host);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
