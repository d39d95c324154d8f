using System.Globalization;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests.Cluster;

/// <summary>Three nodes behind a client that sends to them in turn are one desk, also while one of them is killed and started again.</summary>
public sealed class ClusterTests(DeskCluster cluster) : IClassFixture<DeskCluster>
{
    private static readonly string[] Lists = ["calls", "events", "records", "alerts"];

    [ClusterFact]
    public async Task Nodes_SentToInTurn_ShowTheSameDesk()
    {
        var calls = Calls("turn", 30);

        await Task.WhenAll(calls.Select(call => cluster.PostAsync(call, "offer")));
        await Task.WhenAll(calls.Select(call => cluster.PostAsync(call, "pickUp")));
        await Task.WhenAll(calls.Select(call => cluster.PostAsync(call, "pickUp")));

        await ShowTheSameAsync("turn", calls, "Answered", "AnsweredCall");
    }

    [ClusterFact]
    public async Task OpenPage_OfACallPostedToAnotherNode_IsToldOfIt()
    {
        await using var page = await OpenPage.AtAsync(cluster[0]);

        await IsToldLiveAsync(page, node: 1, "live");
    }

    [ClusterFact]
    public async Task Node_KilledAndStartedAgain_LosesNothingAndShowsNothingTwice()
    {
        var calls = Calls("killed", 60);
        await using var page = await OpenPage.AtAsync(cluster[0]);
        await IsToldLiveAsync(page, node: 1, "before");

        var offers = Task.WhenAll(calls.Select(call => cluster.PostAsync(call, "offer")));
        await Eventually.HoldsAsync(() => page.Told.Should().Contain(told => told.StartsWith("DeskCall killed", StringComparison.Ordinal)));
        await cluster.KillAsync(2);
        await offers;
        await cluster.StartAsync(2);
        await Task.WhenAll(calls.Select(call => cluster.PostAsync(call, "declined")));

        await ShowTheSameAsync("killed", calls, "Missed", "MissedCall");
        await IsToldLiveAsync(page, node: 2, "later");
    }

    [ClusterFact]
    public async Task Desk_OfOneProcessWithPostgres_KeepsItsRowsThere()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, new Dictionary<string, string>
        {
            ["ConnectionStrings:Desk"] = cluster.ConnectionString("alone"),
            ["IncomingCalls:Webhook:Tokens:0"] = "Bearer alone",
        });

        (await desk.PostAsync(Wire.Call(1101000001, "alone", "offer"), "Bearer alone")).Should().Be(200);

        (await desk.RowsAsync("records")).Should().ContainSingle().Which.Label.Should().Be("IncomingCall");
        Directory.GetFiles(folder.Path, "desk.db", SearchOption.AllDirectories).Should().BeEmpty();
    }

    /// <summary>
    /// Posts calls until all of one of them is told. A change that is passed on while the nodes still find each other may be lost; the page reads
    /// everything again then, and the next one comes live.
    /// </summary>
    private async Task IsToldLiveAsync(OpenPage page, int node, string prefix)
    {
        List<string> posted = [];
        await Eventually.HoldsAsync(async () =>
        {
            posted.Add($"{prefix}{posted.Count}");
            await cluster.PostToAsync(node, posted[^1], "offer");
            var told = page.Told;
            posted.Should().Contain(call => new[] { $"DeskCall {call}", $"DeskRecord {call}", $"DeskAlert {call}" }.All(told.Contains));
        });
    }

    private static string[] Calls(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i:D2}"))];

    private async Task ShowTheSameAsync(string prefix, string[] calls, string outcome, string label)
    {
        await Eventually.HoldsAsync(async () =>
        {
            (await cluster[0].ListAsync("calls", prefix)).Select(row => (row.CallId, row.Outcome))
                .Should().BeEquivalentTo(calls.Select(call => (call, outcome)));
            (await cluster[0].ListAsync("events", prefix)).Should().HaveCount(2 * calls.Length);
            (await cluster[0].ListAsync("records", prefix)).Select(row => (row.CallId, row.Label))
                .Should().BeEquivalentTo(calls.SelectMany(call => new[] { (call, "IncomingCall"), (call, label) }));
            (await cluster[0].ListAsync("alerts", prefix)).Should().OnlyHaveUniqueItems(row => row.CallId).And.OnlyContain(row => row.EndedAt != null);
        });
        foreach (var list in Lists)
        {
            var rows = await cluster[0].ListAsync(list, prefix);
            foreach (var node in cluster.All.Skip(1))
            {
                (await node.ListAsync(list, prefix)).Should().Equal(rows);
            }
        }
    }
}
