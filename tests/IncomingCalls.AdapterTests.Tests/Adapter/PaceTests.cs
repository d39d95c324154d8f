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
        var pace = new CrmPace(_time, nodes: 1);
        pace.Pause(TimeSpan.FromSeconds(5));
        var waiting = pace.WaitForPermitAsync(Portal, CancellationToken.None);
        pace.Pause(TimeSpan.FromSeconds(40));

        _time.Advance(TimeSpan.FromSeconds(5));

        (await waiting.Invoking(task => task).Should().ThrowAsync<CallEventRetryException>()).Which.Delay.Should().Be(TimeSpan.FromSeconds(35));
    }

    [Fact]
    public void WaitForPermit_NewProcess_BeginsWithoutTheBurst()
    {
        var pace = new CrmPace(_time, nodes: 1);

        var first = pace.WaitForPermitAsync(Portal, CancellationToken.None);
        first.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        first.IsCompletedSuccessfully.Should().BeTrue();
        pace.Count();
        pace.WaitForPermitAsync(Portal, CancellationToken.None).IsCompleted.Should().BeFalse();
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    [InlineData(4, 1)]
    [InlineData(8, 1)]
    public void WaitForPermit_AfterATimeWithoutRequests_SendsTheShareOfTheNodeAtOnce(int nodes, int count)
    {
        var pace = new CrmPace(_time, nodes);
        _time.Advance(TimeSpan.FromMinutes(1));

        for (var request = 0; request < count; request++)
        {
            pace.WaitForPermitAsync(Portal, CancellationToken.None).IsCompletedSuccessfully.Should().BeTrue();
            pace.Count();
        }

        var next = pace.WaitForPermitAsync(Portal, CancellationToken.None);
        next.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.5 * nodes));
        next.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public void Count_RequestWasDelayedOnItsWay_CountsFromItsAnswer()
    {
        var pace = new CrmPace(_time, nodes: 4);
        _time.Advance(TimeSpan.FromMinutes(1));
        pace.WaitForPermitAsync(Portal, CancellationToken.None).IsCompletedSuccessfully.Should().BeTrue();

        _time.Advance(TimeSpan.FromSeconds(10));
        pace.Count();

        pace.WaitForPermitAsync(Portal, CancellationToken.None).IsCompleted.Should().BeFalse();
    }
}
