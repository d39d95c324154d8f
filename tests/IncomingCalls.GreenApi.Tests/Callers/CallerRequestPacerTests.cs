using IncomingCalls.GreenApi.Callers;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.GreenApi.Tests.Callers;

public class CallerRequestPacerTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1.02);
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly CallerRequestPacer _pacer;

    public CallerRequestPacerTests() => _pacer = new(_time);

    [Fact]
    public void GetDelay_NoRequestYet_IsZero() => _pacer.GetDelay(1).Should().Be(TimeSpan.Zero);

    [Fact]
    public void GetDelay_RequestIsNotAnsweredWithinASecond_DoesNotWaitForTheResponse()
    {
        _pacer.RecordRequest();

        _pacer.GetDelay(1).Should().Be(Window);
        _time.Advance(Window);
        _pacer.GetDelay(1).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void GetDelay_FirstResponse_NextRequestFollowsTheResponse()
    {
        Send(TimeSpan.FromMilliseconds(300), isFirst: true);

        _pacer.GetDelay(1).Should().Be(Window);
    }

    [Fact]
    public void GetDelay_UsualRoundTripIsKnown_LatencyDoesNotReduceTheRate()
    {
        SendUsual(5);
        Send(RoundTrip);

        _pacer.GetDelay(1).Should().Be(Window - RoundTrip);
    }

    /// <summary>The request may have reached the gateway 400 ms later than usual, and the next one may be as fast as usual.</summary>
    [Fact]
    public void GetDelay_ResponseIsLate_NextRequestIsDelayedByTheDifference()
    {
        SendUsual(5);
        Send(RoundTrip + TimeSpan.FromMilliseconds(400));

        _pacer.GetDelay(1).Should().Be(Window - RoundTrip);
    }

    [Fact]
    public void GetDelay_UsualRoundTripIsNotKnownYet_NextRequestFollowsTheResponse()
    {
        SendUsual(3);
        Send(RoundTrip);

        _pacer.GetDelay(1).Should().Be(Window);
    }

    [Fact]
    public void GetDelay_SeveralRequestsPerSecond_CountsTheLastOnes()
    {
        var first = _pacer.RecordRequest();
        _time.Advance(TimeSpan.FromMilliseconds(20));
        _pacer.RecordRequest();

        _pacer.GetDelay(3).Should().Be(TimeSpan.Zero);
        _pacer.GetDelay(2).Should().Be(Window - TimeSpan.FromMilliseconds(20));
        _pacer.RecordResponse(first, isFirst: true);
        _pacer.GetDelay(2).Should().Be(Window);
        _pacer.GetDelay(1).Should().Be(Window, "only the last request counts after the rate was reduced");
    }

    private void SendUsual(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Send(RoundTrip);
            _time.Advance(Window);
        }
    }

    private void Send(TimeSpan roundTrip, bool isFirst = false)
    {
        var request = _pacer.RecordRequest();
        _time.Advance(roundTrip);
        _pacer.RecordResponse(request, isFirst);
    }
}
