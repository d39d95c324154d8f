using Microsoft.Data.Sqlite;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class LockedFileTests
{
    [UnixFact]
    public async Task Accept_FileLockedLongerThanTheBusyTimeout_IsNotAcknowledgedUntilReleased()
    {
        await using var environment = await FaultEnvironment.StartAsync();
        await using var host = await environment.StartListeningAsync();
        environment.PlaceMissedCalls();
        await environment.WaitUntilAcknowledgedAsync(host);

        using (var other = new SqliteConnection($"Data Source={environment.InboxPath};Pooling=false"))
        {
            other.Open();
            Execute(other, "BEGIN IMMEDIATE");
            environment.PlaceMissedCalls();
            await environment.WaitUntilRefusedAsync(host, times: 1);
            await FaultEnvironment.WaitUntilLoggedAsync(host, "Error 3016 ");

            environment.Gateway.WaitingCount.Should().Be(4);
            Execute(other, "ROLLBACK");
        }

        await environment.WaitUntilAcknowledgedAsync(host);
        FaultEnvironment.CountLogLines(host, "Error 4003 ").Should().Be(1);
        await FaultEnvironment.WaitUntilLoggedAsync(host, "Information 4004 ");
        await environment.StopAndCheckAsync(host);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
