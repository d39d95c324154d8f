using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Sqlite.Tests.Storage;

/// <summary>A row whose JSON cannot be read affects its own call only.</summary>
public sealed class UnreadableRowTests : IDisposable
{
    /// <summary>More than one load of an instance and handler contains.</summary>
    private const int MoreThanOneLoad = 70;

    private readonly InboxFolder _folder = new();

    public static TheoryData<string> Damages => new()
    {
        "UPDATE work SET state = x'7B7D20' WHERE call_id = 1",
        "UPDATE work SET state = x'FF' WHERE call_id = 1",
        "UPDATE work SET state = CAST('null' AS BLOB) WHERE call_id = 1",
        "UPDATE calls SET facts = CAST('[]' AS BLOB) WHERE id = 1",
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task DueWork_UnreadableCall_RunsTheOthersAndLogsItOnce(string damage)
    {
        await AcceptAndFailAsync("A", "B", "C");
        _folder.Execute(damage).Should().Be(1);

        await using var host = await StartAsync();
        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 2, TimeSpan.FromSeconds(1));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "D"));
        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 3, TimeSpan.FromSeconds(1));

        host.Recorder.Events.Select(callEvent => callEvent.Call.Key.IdMessage).Should().BeEquivalentTo("B", "C", "D");
        host.Logs.GetSnapshot().Where(entry => entry.Id.Id is 4003 or 4011).Should().ContainSingle()
            .Which.Message.Should().Contain("row 1 of the table calls");
        host.QueryNumber("SELECT COUNT(*) FROM lanes WHERE call_id = 1").Should().Be(1, "the deliveries of the call wait for the repair");
    }

    [Fact]
    public async Task DueWork_MoreUnreadableCallsThanOneLoadContains_RunsTheOthers()
    {
        await AcceptAndFailAsync([.. Enumerable.Range(0, MoreThanOneLoad + 1).Select(static number => $"{number}")]);
        _folder.Execute($"UPDATE work SET state = x'FF' WHERE call_id <= {MoreThanOneLoad}").Should().Be(MoreThanOneLoad);

        await using var host = await StartAsync();
        await host.WaitUntilAsync(() => !host.Recorder.Events.IsEmpty, TimeSpan.FromSeconds(1));

        host.Recorder.Events.Should().ContainSingle().Which.Call.Key.IdMessage.Should().Be($"{MoreThanOneLoad}");
    }

    [Fact]
    public async Task AcceptAsync_UnreadableCall_IsQuarantinedAndReplayedAfterTheRepair()
    {
        await AcceptAndFailAsync("A");
        _folder.Execute("UPDATE work SET state = CAST(x'FF' || state AS BLOB)").Should().Be(1);
        await using (var damaged = await StartAsync())
        {
            var result = await damaged.Intake.AcceptAsync(SqliteHost.CreateCall("hungUp"));

            result.Should().BeEquivalentTo(new { Outcome = IntakeOutcome.Quarantined, ShouldAcknowledge = true });
            result.Reason.Should().Contain("row 1 of the table calls");
            (await damaged.Administration.ListQuarantineAsync()).Should().ContainSingle().Which.Reason.Should().Be("CallUnreadable");
            (await damaged.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status.Should().Be(HealthStatus.Healthy, "the file can be written");
        }

        _folder.Execute("UPDATE work SET state = CAST(substr(state, 2) AS BLOB)").Should().Be(1);
        await using var repaired = await StartAsync();
        (await repaired.Administration.ReplayQuarantineAsync()).Should().Be(1);
        await repaired.WaitUntilAsync(() => repaired.Recorder.Events.Count == 2, TimeSpan.FromSeconds(1));

        repaired.Recorder.Events.Select(callEvent => callEvent.Kind).Should().Equal(CallEventKind.Missed, CallEventKind.Dropped);
    }

    [Theory]
    [InlineData("UPDATE dead_letters SET letter = x'7B7D20' WHERE id = 1")]
    [InlineData("UPDATE dead_letters SET letter = CAST('null' AS BLOB) WHERE id = 1")]
    [InlineData("UPDATE dead_letters SET letter = CAST(json_set(letter, '$.event', null) AS BLOB) WHERE id = 1")]
    [InlineData("UPDATE dead_letters SET letter = CAST(json_set(letter, '$.event.id', null, '$.event.notification', null) AS BLOB) WHERE id = 1")]
    [InlineData("UPDATE calls SET facts = CAST('[]' AS BLOB) WHERE id = 1")]
    public async Task ReplayDeadLettersAsync_OneUnreadable_ReplaysTheOthersAndWithdrawsItsRequest(string damage)
    {
        await using (var host = await StartAsync())
        {
            host.Recorder.BeforeRecording = static (_, _) => throw new CallEventRejectedException("Never.");
            foreach (var id in new[] { "A", "B" })
            {
                await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", id));
                await host.WaitUntilAsync(() => host.QueryNumber($"SELECT COUNT(*) FROM dead_letters WHERE id_message = '{id}'") == 1);
            }
        }

        _folder.Execute(damage).Should().Be(1);
        await using var next = await StartAsync();
        (await next.Administration.ReplayDeadLettersAsync()).Should().Be(2);
        await next.WaitUntilAsync(() => !next.Recorder.Events.IsEmpty && next.QueryNumber("SELECT COUNT(*) FROM work") == 0, TimeSpan.FromSeconds(1));

        next.Recorder.Events.Should().ContainSingle().Which.Call.Key.IdMessage.Should().Be("B");
        next.QueryNumber("SELECT COUNT(*) FROM dead_letters WHERE id = 1 AND replay_at IS NULL").Should().Be(1, "the letter remains");
        next.Logs.GetSnapshot().Should().ContainSingle(entry => entry.Id.Id == 4012).Which.Message.Should().StartWith("Dead letter 1 cannot be replayed");
    }

    private Task<SqliteHost> StartAsync() =>
        SqliteHost.StartAsync(_folder.Path, configure: static calls => calls.Services.AddHealthChecks().AddIncomingCalls());

    /// <summary>Stores calls whose delivery has failed once, so that it is due after the next start.</summary>
    private async Task AcceptAndFailAsync(params string[] ids)
    {
        await using var host = await StartAsync();
        host.Recorder.BeforeRecording = static (_, _) => throw new CallEventRetryException(TimeSpan.FromSeconds(10));
        foreach (var id in ids)
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", id));
        }

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM lanes WHERE waits_for = 1") == ids.Length);
    }
}
