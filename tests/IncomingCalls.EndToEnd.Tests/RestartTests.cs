using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests;

public sealed class RestartTests
{
    private const long IdInstance = 1101000001;
    private const string Token = "Bearer restart-token";

    private static readonly string[] Lists = ["calls", "events", "records", "alerts"];
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["IncomingCalls:Webhook:Tokens:0"] = Token,
        ["ConnectionStrings:Desk"] = "Data Source=other-folder/custom.db",
    };

    [Fact]
    public async Task Restart_AfterAKill_PreservesRowsAndContinuesCalls()
    {
        using var folder = new DeskFolder();
        List<DeskRow[]> before = [];
        await using (var desk = await DeskProcess.StartAsync(folder, Settings))
        {
            await PostAsync(desk, "ended", "offer");
            // An alert is not raised for a call that is answered before the attempt starts.
            await Eventually.HoldsAsync(async () => (await desk.GetRowsAsync("alerts", "ended")).Should().ContainSingle());
            await PostAsync(desk, "ended", "pickUp");
            await PostAsync(desk, "ringing", "offer");
            await Eventually.HoldsAsync(async () => (await desk.GetHandledRowsAsync("alerts")).Where(row => row.EndedAt == null).Should().ContainSingle());
            before.AddRange(await RowsAsync(desk));
        }

        await using (var desk = await DeskProcess.StartAsync(folder, Settings))
        {
            (await RowsAsync(desk)).Should().BeEquivalentTo(before, options => options.WithStrictOrdering());

            // The gateway redelivers a notification that was not acknowledged; the other call ends meanwhile.
            await PostAsync(desk, "ended", "offer");
            await PostAsync(desk, "ringing", "declined");

            // The order is defined per call; for two calls within the same second it is not.
            (await desk.GetHandledRowsAsync("records", "ended")).Select(row => row.Label).Should().Equal("IncomingCall", "AnsweredCall");
            (await desk.GetHandledRowsAsync("records", "ringing")).Select(row => row.Label).Should().Equal("IncomingCall", "MissedCall");
            (await desk.GetHandledRowsAsync("calls")).Select(row => (row.CallId, row.Outcome)).Should().BeEquivalentTo(
                [("ended", "Answered"), ("ringing", "Missed")]);
            (await desk.GetHandledRowsAsync("alerts", "ended")).Should().ContainSingle();
        }
    }

    [Fact]
    public async Task Restart_UnderLoad_LosesNothingAndDuplicatesNothing()
    {
        using var folder = new DeskFolder();
        var calls = Enumerable.Range(0, 60).Select(i => $"busy-{i:D2}").ToArray();
        await using (var desk = await DeskProcess.StartAsync(folder, Settings))
        {
            // The desk is killed under load: the gateway redelivers what was not acknowledged.
            await Task.WhenAll(calls.Take(40).Select(call => PostAsync(desk, call, "offer")));
        }

        await using (var desk = await DeskProcess.StartAsync(folder, Settings))
        {
            await Task.WhenAll(calls.Skip(30).Select(call => PostAsync(desk, call, "offer")));
            await Task.WhenAll(calls.Select(call => PostAsync(desk, call, "declined")));

            (await desk.GetHandledRowsAsync("calls")).Select(row => (row.CallId, row.Outcome)).Should().BeEquivalentTo(calls.Select(call => (call, "Missed")));
            (await desk.GetHandledRowsAsync("events")).Should().HaveCount(120).And.OnlyHaveUniqueItems(row => $"{row.CallId} {row.Kind}");
            (await desk.GetHandledRowsAsync("records")).Should().HaveCount(120).And.OnlyHaveUniqueItems(row => $"{row.CallId} {row.Label}");
            (await desk.GetHandledRowsAsync("alerts")).Should().OnlyHaveUniqueItems(row => row.CallId);
        }
    }

    [Fact]
    public async Task Start_WhereFileLocksHaveNoEffect_WaitsForTheProcessThatUsesTheFile()
    {
        Dictionary<string, string> withoutLocks = new() { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" };
        using var folder = new DeskFolder();
        DeskProcess second;
        await using (var first = await DeskProcess.StartAsync(folder, Settings, withoutLocks))
        {
            second = await DeskProcess.StartAsync(folder, Settings, withoutLocks);
            (await second.PostAsync(NotificationJson.CreateCall(IdInstance, "shared", "offer"), Token)).Should().Be(503, "two processes would both handle the calls of the file");
            await PostAsync(first, "shared", "offer");
        }

        await using (second)
        {
            await Eventually.HoldsAsync(() => PostAsync(second, "shared", "declined"));

            (await second.GetHandledRowsAsync("records")).Select(row => row.Label).Should().Equal("IncomingCall", "MissedCall");
            second.Output.Should().Contain("The lock of the inbox file").And.Contain("has no effect");
        }
    }

    private static async Task PostAsync(DeskProcess desk, string callId, string status) =>
        (await desk.PostAsync(NotificationJson.CreateCall(IdInstance, callId, status), Token)).Should().Be(200);

    private static async Task<DeskRow[][]> RowsAsync(DeskProcess desk) => await Task.WhenAll(Lists.Select(list => desk.GetHandledRowsAsync(list)));
}
