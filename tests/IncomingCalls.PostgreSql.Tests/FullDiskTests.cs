using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>The disk of the database becomes full. The database is in a tablespace of its own, so that the log of the server has space.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class FullDiskTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    [SmallDiskFact]
    public async Task Accept_DiskIsFull_IsRefusedUntilThereIsSpaceAndLosesNothing()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 32);
        var (database, tablespace) = ($"{_schema}_disk", $"{_schema}_space");
        await TestNode.ExecuteAsync(postgres, $"CREATE TABLESPACE {tablespace} LOCATION '{disk.Folder}'");
        await TestNode.ExecuteAsync(postgres, $"CREATE DATABASE {database} TABLESPACE {tablespace}");
        try
        {
            await using var node = await TestNode.StartAsync(postgres, _schema, options => options.ConnectionString = postgres.Server.ConnectionString(database));
            List<string> acknowledged = [];
            await disk.FillAsync();

            // The pages that exist have some space left.
            var refusal = await AcceptUntilRefusedAsync(node, acknowledged);
            refusal.Message.Should().StartWith("The database of the inbox cannot be used (53100: could not extend file").And.EndWith(" Free space on the disk of the server.");
            disk.Free();
            await AcceptAsync(node, "afterwards", acknowledged);

            await Eventually.HoldsAsync(() => node.Recorder.Events.Select(callEvent => callEvent.Call.Key.IdMessage).Should().BeEquivalentTo(acknowledged));
        }
        finally
        {
            await TestNode.ExecuteAsync(postgres, $"DROP DATABASE {database} WITH (FORCE)");
            await TestNode.ExecuteAsync(postgres, $"DROP TABLESPACE {tablespace}");
        }
    }

    private static async Task<CallInboxUnavailableException> AcceptUntilRefusedAsync(TestNode node, List<string> acknowledged)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                await AcceptAsync(node, $"call-{i}", acknowledged);
            }
            catch (CallInboxUnavailableException e)
            {
                return e;
            }
        }
    }

    private static async Task AcceptAsync(TestNode node, string id, List<string> acknowledged)
    {
        (await node.Intake.AcceptAsync(TestNode.CreateCall("declined", id))).Outcome.Should().Be(IntakeOutcome.Stored);
        acknowledged.Add(id);
    }
}
