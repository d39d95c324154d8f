using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests;

/// <summary>The page of what failed, with one dead letter and one item in quarantine.</summary>
public sealed class StatusTests(BrowserRun run) : BrowserTests(run)
{
    /// <summary>In pixels: half of a phone.</summary>
    private const int Readable = 180;

    [BrowserFact]
    public async Task Status_ByTabAndEnter_ReplaysAndPurges()
    {
        await FailAsync();
        var status = await OpenAsync();
        await status.TabToAsync(status.DeskLink);
        await status.TabToAsync(status.AskTheDoctor);
        await status.TabToAsync(status.DeadLetterButton("replay"));
        Sql("ALTER TABLE Elsewhere RENAME TO Records");
        await status.Page.Keyboard.PressAsync("Enter");
        await ShowsAsync(async () => (await status.DeadLetterRowsAsync()).Should().BeEmpty());

        await status.AskTheDoctor.FocusAsync();
        await status.TabToAsync(status.QuarantineButton("replay"));
        await status.TabToAsync(status.QuarantineButton("purge"));
        await status.Page.Keyboard.PressAsync("Enter");
        await ShowsAsync(async () => (await status.QuarantineRowsAsync()).Should().BeEmpty());

        var desk = await OpenDeskAsync();
        await ShowsAsync(async () => (await desk.RecordRowsAsync()).Should().Equal("Anna: Missed call"));
    }

    [BrowserFact]
    public async Task Status_OnAPhone_FitsTheWidth()
    {
        await FailAsync();
        var status = await OpenAsync(Look.Phone);

        (await status.OverhangAsync()).Should().Be(0);
        (await status.DeadLetterWidthAsync()).Should().BeGreaterThan(Readable, "nobody reads a letter a line");
    }

    [BrowserFact]
    public async Task Status_ExaminedInLightAndDark_HasNoSeriousFinding()
    {
        await FailAsync();

        StatusPageView[] views = [await OpenAsync(Look.Light), await OpenAsync(Look.Dark)];
        await views[0].AskTheDoctor.ClickAsync();
        foreach (var status in views)
        {
            await ShowsAsync(async () => (await status.InstanceRowsAsync()).Should().ContainSingle().Which.Should().MatchRegex($"^{Instance.IdInstance} · polling: .{{20,}}"));
        }

        await Axe.FindsNothingSeriousAsync(views);
    }

    /// <summary>A record that cannot be written, and a notification that cannot be read.</summary>
    private async Task FailAsync()
    {
        Settings["IncomingCalls:Retries:0"] = "00:00:00.1";
        await StartDeskAsync();
        Sql("ALTER TABLE Records RENAME TO Elsewhere");
        Instance.CallFrom("Anna").Decline();
        await PostAsync("{ no json");
    }

    private async Task<StatusPageView> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var status = await OpenStatusAsync(options);
        await ShowsAsync(async () => (await status.DeadLetterRowsAsync()).Should().ContainSingle().Which.Should().StartWith("CallDesk.Handlers.DeskRecorder: "));
        await ShowsAsync(async () => (await status.QuarantineRowsAsync()).Should().Equal("NotANotification, 9 B"));
        await ShowsAsync(async () => (await status.CheckRowsAsync()).Should().Contain("desk: well"));
        return status;
    }
}
