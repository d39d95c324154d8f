using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests;

public sealed class DemoTests
{
    [Fact]
    public async Task Demo_NoConfiguration_ShowsCallsOfBothTransportsAndTheBanner()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder);

        await Eventually.HoldsAsync(async () =>
            (await desk.GetHandledRowsAsync("records")).Select(row => row.IdInstance).Distinct().Should().HaveCount(2));
        await Eventually.HoldsAsync(async () =>
            (await desk.GetHandledRowsAsync("calls")).Should().Contain(row => row.Outcome != "None"));
        (await desk.Http.GetStringAsync("/")).Should().Contain("<strong>Demonstration.</strong>");
        (await desk.Http.GetStringAsync("/?lang=ru")).Should().Contain("<strong>Демонстрация.</strong>").And.Contain("<html lang=\"ru\">");
        File.Exists(Path.Combine(folder.Path, "data", "desk.db")).Should().BeTrue();
    }

    [Fact]
    public async Task Demo_NoConfiguration_OpensAndClosesCallbacks()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder);
        async Task ShouldBeListedAsync(string name, bool isListed) => await Eventually.HoldsAsync(async () =>
            (await desk.GetCallbacksAsync()).Any(callback => (string?)callback["callerName"] == name).Should().Be(isListed));

        await ShouldBeListedAsync("Lena Fischer", isListed: true);
        await Eventually.HoldsAsync(async () => (await desk.GetCallbacksAsync()).Should().Contain(callback => (int)callback["attempts"]! == 1));

        await ShouldBeListedAsync("Анна, салон «Астра»", isListed: false);
        await ShouldBeListedAsync("Lena Fischer", isListed: false);
    }

    [Fact]
    public async Task Demo_SwitchedOffWithoutConfiguration_DoesNotRun()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, variables: new Dictionary<string, string> { ["CallDesk__Demo"] = "false" });

        (await desk.Http.GetStringAsync("/")).Should().NotContain("Demonstration");
        (await desk.PostAsync(NotificationJson.CreateCall(1101000001, "demo-off", "offer"), "Bearer anything")).Should().Be(401);
        (await desk.GetHandledRowsAsync("calls")).Should().BeEmpty();
        (await desk.Http.GetAsync("/health/ready")).IsSuccessStatusCode.Should().BeTrue();
        desk.Output.Should().Contain("Nothing is configured, so no call can arrive.").And.Contain("IncomingCalls:Webhook:Tokens:0");
    }

    [Fact]
    public async Task Demo_SwitchedOn_RunsBesideConfiguredInstances()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, new Dictionary<string, string>
        {
            ["CallDesk:Demo"] = "true",
            ["IncomingCalls:Webhook:Tokens:0"] = "demo-on-token",
        });

        await Eventually.HoldsAsync(async () => (await desk.GetHandledRowsAsync("records")).Should().NotBeEmpty());
        (await desk.Http.GetStringAsync("/")).Should().Contain("<strong>Demonstration.</strong>");
    }
}
