using System.Diagnostics;
using IncomingCalls.Browser.Tests.Hosting;

namespace IncomingCalls.Browser.Tests;

/// <summary>A storm of calls, far above what operators live through.</summary>
public sealed class BusyTests(BrowserRun run) : BrowserTests(run)
{
    private const int Calls = 500;

    /// <summary>Half a second on a machine that has nothing else to do, and more than that on one that builds something beside it.</summary>
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    [BrowserFact]
    public async Task Page_In500Calls_AnswersClicksAndHasThemAllInTheEnd()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        for (var i = 0; i < Calls; i++)
        {
            var call = Instance.CallFrom($"Client {i % 5}").Ring();
            _ = i % 2 == 0 ? call.Answer() : call.Decline();
        }

        // In the middle of it: some are there, others are not yet.
        await ShowsAsync(async () => (await desk.CountAsync("all")).Should().BeGreaterThan(Calls / 10));
        foreach (var filter in new[] { "answered", "unanswered", "all" })
        {
            var clicked = Stopwatch.GetTimestamp();
            await desk.Filter(filter).ClickAsync();
            await ShowsAsync(async () => (await desk.Filter(filter).GetAttributeAsync("aria-pressed")).Should().Be("true"));
            Stopwatch.GetElapsedTime(clicked).Should().BeLessThan(Answer);
        }

        Instance.WaitingCount.Should().BePositive("otherwise nothing was going on any more");

        await Instance.WaitUntilHandledAsync(TimeSpan.FromMinutes(1));
        await HandledAsync();
        await ShowsAsync(async () => (await desk.CountAsync("answered")).Should().Be(Calls / 2));
        await ShowsAsync(async () => (await desk.CountAsync("unanswered")).Should().Be(Calls / 2));
        await ShowsAsync(async () => (await desk.RecordRowsAsync()).Should().HaveCount(2 * Calls));
        (await desk.CallRowsAsync()).Should().HaveCount(Calls);
        (await desk.RingingNamesAsync()).Should().BeEmpty();
    }
}
