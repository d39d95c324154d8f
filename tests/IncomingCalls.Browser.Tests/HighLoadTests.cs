using System.Diagnostics;
using IncomingCalls.Browser.Tests.Hosting;

namespace IncomingCalls.Browser.Tests;

/// <summary>A load far above that of real operators.</summary>
public sealed class HighLoadTests(BrowserFixture browser) : OwnDeskTests(browser)
{
    private const int Calls = 500;

    /// <summary>About half a second on an idle machine; the rest is a margin for a machine that is busy with other work.</summary>
    private static readonly TimeSpan MaxClickDelay = TimeSpan.FromSeconds(10);

    [BrowserFact]
    public async Task Page_During500Calls_StaysResponsiveAndShowsThemAll()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        for (var i = 0; i < Calls; i++)
        {
            var call = Instance.PlaceCallFrom($"Client {i % 5}").Ring();
            _ = i % 2 == 0 ? call.Answer() : call.Decline();
        }

        // During the load, when some calls are shown and others are not yet.
        await EventuallyAsync(async () => (await desk.GetCountAsync("all")).Should().BeGreaterThan(Calls / 10));
        foreach (var filter in new[] { "answered", "unanswered", "all" })
        {
            var clicked = Stopwatch.GetTimestamp();
            await desk.Filter(filter).ClickAsync();
            await EventuallyAsync(async () => (await desk.Filter(filter).GetAttributeAsync("aria-pressed")).Should().Be("true"));
            Stopwatch.GetElapsedTime(clicked).Should().BeLessThan(MaxClickDelay);
        }

        Instance.WaitingCount.Should().BePositive("the clicks should have happened under load");

        await Instance.WaitUntilAcknowledgedAsync(TimeSpan.FromMinutes(1));
        await WaitUntilAcknowledgedAsync();
        await EventuallyAsync(async () => (await desk.GetCountAsync("answered")).Should().Be(Calls / 2));
        await EventuallyAsync(async () => (await desk.GetCountAsync("unanswered")).Should().Be(Calls / 2));
        await EventuallyAsync(async () => (await desk.GetRecordRowsAsync()).Should().HaveCount(2 * Calls));
        (await desk.GetCallRowsAsync()).Should().HaveCount(Calls);
        (await desk.GetRingingNamesAsync()).Should().BeEmpty();
    }
}
