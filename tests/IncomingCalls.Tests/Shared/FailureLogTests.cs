using System.Collections.Concurrent;
using IncomingCalls.Shared;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Shared;

public class FailureLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<string> _logged = new();
    private readonly FailureLog _log;

    public FailureLogTests() => _log = new(_time, exception => _logged.Enqueue(exception.Message), () => _logged.Enqueue("recovered"));

    [Fact]
    public void ReportFailure_Continuing_IsLoggedAtOnceAndThenOncePerMinute()
    {
        Fail("first");
        Fail("second");
        _time.Advance(TimeSpan.FromSeconds(59));
        Fail("third");
        _logged.Should().Equal("first");

        _time.Advance(TimeSpan.FromSeconds(1));
        Fail("fourth");
        Fail("fifth");

        _logged.Should().Equal("first", "fourth");
    }

    [Fact]
    public void ReportRecovery_AfterALoggedFailure_IsLoggedOnce()
    {
        Fail("first");

        _log.ReportRecovery();
        _log.ReportRecovery();

        _logged.Should().Equal("first", "recovered");
    }

    [Fact]
    public void ReportRecovery_NoFailure_LogsNothing()
    {
        _log.ReportRecovery();

        _logged.Should().BeEmpty();
    }

    [Fact]
    public void ReportFailure_FailureAndRecoveryByTurns_LogsOneOfEachPerMinute()
    {
        for (var turn = 0; turn < 10; turn++)
        {
            Fail($"{turn}");
            _log.ReportRecovery();
        }

        _logged.Should().Equal("0", "recovered");

        _time.Advance(TimeSpan.FromMinutes(1));
        Fail("after a minute");
        _log.ReportRecovery();

        _logged.Should().Equal("0", "recovered", "after a minute", "recovered");
    }

    [Fact]
    public void ReportFailure_AgainWithinAMinuteAndContinuing_IsLoggedWhenTheMinuteIsOver()
    {
        Fail("first");
        _log.ReportRecovery();
        Fail("second");

        _time.Advance(TimeSpan.FromMinutes(1));
        Fail("third");

        _logged.Should().Equal("first", "recovered", "third");
    }

    [Fact]
    public void CurrentFailure_FollowsTheReports()
    {
        _log.CurrentFailure.Should().BeNull();

        Fail("first");
        Fail("second");
        _log.CurrentFailure.Should().Be("Problem: second", "a failure that is not logged is current as well");

        _log.ReportRecovery();
        _log.CurrentFailure.Should().BeNull();
    }

    [Fact]
    public async Task Reports_FromManyThreads_LogOneFailureAndOneRecoveryPerMinute()
    {
        await Parallel.ForAsync(0, 10_000, (i, _) =>
        {
            Fail($"{i}");
            _log.ReportRecovery();
            return ValueTask.CompletedTask;
        });

        _logged.Should().HaveCount(2).And.ContainSingle(line => line == "recovered");
        _log.CurrentFailure.Should().BeNull();
    }

    private void Fail(string message) => _log.ReportFailure(new IOException(message), $"Problem: {message}");
}
