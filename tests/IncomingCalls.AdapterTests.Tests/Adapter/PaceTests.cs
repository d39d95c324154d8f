using Guides.Adapters;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.AdapterTests.Tests.Adapter;

/// <summary>The rate of requests of the adapter of docs/adapters.md.</summary>
public class PaceTests
{
    private static readonly CrmPortal Portal = new("first", new("http://127.0.0.1/"));

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task WaitForPermit_PortalAsksForMoreWhileARequestWaits_RequestIsNotSent()
    {
        var pace = new CrmPace(_time);
        pace.Pause(TimeSpan.FromSeconds(5));
        var waiting = pace.WaitForPermitAsync(Portal, CancellationToken.None);
        pace.Pause(TimeSpan.FromSeconds(40));

        _time.Advance(TimeSpan.FromSeconds(5));

        (await waiting.Invoking(task => task).Should().ThrowAsync<CallEventRetryException>()).Which.Delay.Should().Be(TimeSpan.FromSeconds(35));
    }

    [Fact]
    public void WaitForPermit_NewProcess_BeginsWithoutTheBurst()
    {
        var pace = new CrmPace(_time);

        var first = pace.WaitForPermitAsync(Portal, CancellationToken.None);
        first.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        first.IsCompletedSuccessfully.Should().BeTrue();
        pace.WaitForPermitAsync(Portal, CancellationToken.None).IsCompleted.Should().BeFalse();
    }

    [Fact]
    public void WaitForPermit_AfterATimeWithoutRequests_FourAreSentAtOnce()
    {
        var pace = new CrmPace(_time);
        _time.Advance(TimeSpan.FromMinutes(1));

        var permits = Enumerable.Range(0, 5).Select(_ => pace.WaitForPermitAsync(Portal, CancellationToken.None)).ToArray();

        permits.Count(permit => permit.IsCompletedSuccessfully).Should().Be(4);
    }
}
