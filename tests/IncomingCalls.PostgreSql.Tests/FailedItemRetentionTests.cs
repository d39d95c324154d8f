using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>Dead letters and quarantined notifications that are too old or too many. A node deletes them when it starts, and then every minute.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class FailedItemRetentionTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Start_ItemsAreOlderThanTheirRetention_DeletesThemAndLogs()
    {
        await StoreFailedItemsAsync();
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.dead_letters SET failed_at = now() - interval '29 days'");
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.quarantine SET received_at = now() - interval '15 days'");

        await using (await TestNode.StartAsync(postgres, _schema))
        {
            await ShouldHaveAsync(deadLetters: 3, quarantined: 0);
        }

        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.dead_letters SET failed_at = now() - interval '31 days'");
        await using var node = await TestNode.StartAsync(postgres, _schema);
        await ShouldHaveAsync(deadLetters: 0, quarantined: 0);
        await Eventually.HoldsAsync(() =>
        {
            node.Logs.GetSnapshot().Should().ContainSingle(static record => record.Id.Id == 5026);
            return Task.CompletedTask;
        });
    }

    [PostgresFact]
    public async Task Start_MoreItemsOfAnInstanceThanTheLimit_DeletesItsOldest()
    {
        await StoreFailedItemsAsync();
        await TestNode.ExecuteAsync(postgres, $"UPDATE {_schema}.dead_letters SET id_instance = 1101000002 WHERE id_message = 'A'");

        await using var node = await TestNode.StartAsync(postgres, _schema, static options => options.MaxDeadLetters = options.MaxQuarantineItems = 1);
        await ShouldHaveAsync(deadLetters: 2, quarantined: 1);

        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.dead_letters WHERE id_message IN ('A', 'C')")).Should().Be(2, "the oldest of the other instance was deleted");
    }

    /// <summary>Stores three dead letters and two quarantined notifications.</summary>
    private async Task StoreFailedItemsAsync()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema);
        node.Recorder.BeforeRecording = static (_, _) => throw new CallEventRejectedException("No such customer.");
        string[] ids = ["A", "B", "C"];
        for (var i = 0; i < ids.Length; i++)
        {
            await node.Intake.AcceptAsync(TestNode.CreateCall("declined", ids[i]));
            await ShouldHaveAsync(deadLetters: i + 1, quarantined: 0);
        }

        await node.Intake.AcceptAsync("garbage"u8.ToArray());
        await node.Intake.AcceptAsync("more garbage"u8.ToArray());
    }

    private Task ShouldHaveAsync(int deadLetters, int quarantined) => Eventually.HoldsAsync(async () =>
    {
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.dead_letters")).Should().Be(deadLetters);
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.quarantine")).Should().Be(quarantined);
    });
}
