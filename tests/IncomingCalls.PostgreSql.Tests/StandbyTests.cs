using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>A standby is not written to, and the primary is found among several hosts.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class StandbyTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Start_OnAStandby_WaitsForItsPromotion()
    {
        await (await TestNode.StartAsync(postgres, _schema)).DisposeAsync();
        await using var standby = await postgres.Server.StartStandbyAsync();

        await using (var several = await TestNode.StartAsync(postgres, _schema, options => options.ConnectionString = $"Host=127.0.0.1:{standby.Port},127.0.0.1:{postgres.Server.Port};Username=desk;Database=postgres"))
        {
            await several.Intake.AcceptAsync(TestNode.CreateCall("declined", "on the primary"));
            await Eventually.HoldsAsync(() => several.Recorder.Events.Should().ContainSingle());
        }

        await using var node = await TestNode.StartAsync(postgres, _schema, options => options.ConnectionString = standby.ConnectionString("postgres"));
        await FluentActions.Awaiting(() => node.Intake.AcceptAsync(TestNode.CreateCall("offer")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>()
            .WithMessage("The server is a standby, which is read-only. Connect to the primary*");

        await standby.PromoteAsync();
        await Eventually.HoldsAsync(() => node.Logs.GetSnapshot().Should().Contain(record => record.Id.Id == 5001));
        await node.Intake.AcceptAsync(TestNode.CreateCall("offer"));
    }
}
