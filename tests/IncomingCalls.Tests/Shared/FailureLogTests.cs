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
    public void ReportSuccess_FiveSecondsAfterTheLastFailure_LogsTheRecoveryOnce()
    {
        Fail("first");
        _time.Advance(TimeSpan.FromSeconds(4));
        Fail("second");

        _time.Advance(TimeSpan.FromSeconds(4));
        _log.ReportSuccess();
        _logged.Should().Equal("first");

        _time.Advance(TimeSpan.FromSeconds(1));
        _log.ReportSuccess();
        _log.ReportSuccess();

        _logged.Should().Equal("first", "recovered");
    }

    [Fact]
    public void ReportSuccess_NoFailure_LogsNothing()
    {
        _log.ReportSuccess();

        _logged.Should().BeEmpty();
    }

    [Fact]
    public void ReportFailure_FailureAndSuccessByTurns_LogsNoRecovery()
    {
        for (var turn = 0; turn < 70; turn++)
        {
            Fail($"{turn}");
            _time.Advance(TimeSpan.FromSeconds(1));
            _log.ReportSuccess();
        }

        _logged.Should().Equal("0", "60");
    }

    [Fact]
    public void ReportFailure_AfterALoggedRecovery_IsLoggedAtOnce()
    {
        Fail("first");
        _time.Advance(TimeSpan.FromSeconds(5));
        _log.ReportSuccess();

        Fail("second");

        _logged.Should().Equal("first", "recovered", "second");
    }

    [Fact]
    public void CurrentFailure_FollowsTheReports()
    {
        _log.CurrentFailure.Should().BeNull();

        Fail("first");
        Fail("second");
        _log.CurrentFailure.Should().Be("Problem: second", "a failure that is not logged is current as well");

        _log.ReportSuccess();
        _log.CurrentFailure.Should().BeNull();
    }

    [Fact]
    public async Task Reports_FromManyThreads_LogOneFailureAndOneRecovery()
    {
        await Parallel.ForAsync(0, 10_000, (i, _) =>
        {
            Fail($"{i}");
            _log.ReportSuccess();
            return ValueTask.CompletedTask;
        });

        _log.CurrentFailure.Should().BeNull();
        _time.Advance(TimeSpan.FromSeconds(5));
        await Parallel.ForAsync(0, 100, (_, _) =>
        {
            _log.ReportSuccess();
            return ValueTask.CompletedTask;
        });

        _logged.Should().HaveCount(2).And.ContainSingle(line => line == "recovered");
    }

    private void Fail(string message) => _log.ReportFailure(new IOException(message), $"Problem: {message}");
}
