using System.Diagnostics;
using IncomingCalls.Browser.Tests.Hosting;

namespace IncomingCalls.Browser.Tests;

/// <summary>A load far above that of real operators.</summary>
public sealed class HighLoadTests(BrowserFixture browser) : OwnDeskTests(browser)
{
    /// <summary>How many calls of each outcome are placed at once. More follow until the clicks are done.</summary>
    private const int FirstPairs = 250;

    /// <summary>The interval of the pairs of calls that follow: 20 calls per second.</summary>
    private static readonly TimeSpan PairInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>About half a second on an idle machine; the rest is a margin for a machine that is busy with other work.</summary>
    private static readonly TimeSpan MaxClickDelay = TimeSpan.FromSeconds(10);

    [BrowserFact]
    public async Task Page_DuringHundredsOfCalls_StaysResponsiveAndShowsThemAll()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        using var stopLoad = new CancellationTokenSource();
        var load = PlaceCallsAsync(stopLoad.Token);
        await EventuallyAsync(async () => (await desk.GetCountAsync("all")).Should().BeGreaterThan(FirstPairs / 5));

        foreach (var filter in new[] { "answered", "unanswered", "all" })
        {
            var shown = await desk.GetCountAsync("all");
            var clicked = Stopwatch.GetTimestamp();
            await desk.Filter(filter).ClickAsync();
            await EventuallyAsync(async () => (await desk.Filter(filter).GetAttributeAsync("aria-pressed")).Should().Be("true"));
            Stopwatch.GetElapsedTime(clicked).Should().BeLessThan(MaxClickDelay);
            await EventuallyAsync(async () => (await desk.GetCountAsync("all")).Should().BeGreaterThan(shown, "calls should arrive during the clicks"));
        }

        await stopLoad.CancelAsync();
        var pairs = await load;
        await WaitUntilAcknowledgedAsync();
        await EventuallyAsync(async () => (await desk.GetCountAsync("answered")).Should().Be(pairs));
        await EventuallyAsync(async () => (await desk.GetCountAsync("unanswered")).Should().Be(pairs));
        await EventuallyAsync(async () => (await desk.GetRecordRowsAsync()).Should().HaveCount(4 * pairs));
        (await desk.GetCallRowsAsync()).Should().HaveCount(2 * pairs);
        (await desk.GetRingingNamesAsync()).Should().BeEmpty();
    }

    /// <summary>Places calls until the token is cancelled.</summary>
    /// <returns>A task whose result is the number of pairs: a call that was answered, and one that was missed.</returns>
    private async Task<int> PlaceCallsAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(PairInterval);
        for (var pairs = 0; ; pairs++)
        {
            if (stop.IsCancellationRequested)
            {
                return pairs;
            }

            Instance.PlaceCallFrom($"Client {pairs % 5}").Ring().Answer();
            Instance.PlaceCallFrom($"Client {pairs % 5}").Ring().Decline();
            if (pairs >= FirstPairs)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }
}
