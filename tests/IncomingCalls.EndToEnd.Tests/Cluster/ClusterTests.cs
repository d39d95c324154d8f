using System.Globalization;
using System.Text.Json.Nodes;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests.Cluster;

/// <summary>Three nodes behind a client that sends to them in turn show the same desk, also while one of them is killed and restarted.</summary>
public sealed class ClusterTests(DeskCluster cluster) : IClassFixture<DeskCluster>
{
    private static readonly string[] Lists = ["calls", "events", "records", "alerts"];

    [ClusterFact]
    public async Task Nodes_NotificationsSpreadOverNodes_ShowTheSameRows()
    {
        var calls = Calls("turn", 30);

        await Task.WhenAll(calls.Select(call => cluster.PostAsync(call, "offer")));
        await Task.WhenAll(calls.Select(call => cluster.PostAsync(call, "pickUp")));
        await Task.WhenAll(calls.Select(call => cluster.PostAsync(call, "pickUp")));

        await ShouldShowTheSameAsync("turn", calls, "Answered", "AnsweredCall");
    }

    [ClusterFact]
    public async Task Stream_CallPostedToAnotherNode_ReceivesIt()
    {
        await using var page = await EventStreamClient.OpenAsync(cluster[0].Http);

        await ShouldReceiveLiveAsync(page, node: 1, "live");
    }

    [ClusterFact]
    public async Task Callbacks_ClosedOnAnotherNode_AreClosedOnAll()
    {
        await cluster.PostToAsync(0, "callback", "declined");
        JsonObject? callback = null;
        foreach (var node in cluster.Running)
        {
            // Waits for all nodes: the same person has open callbacks of other tests.
            await Eventually.HoldsAsync(async () => callback = (await node.GetCallbacksAsync()).Should().ContainSingle().Subject);
        }

        await using var page = await EventStreamClient.OpenAsync(cluster[0].Http);
        await Eventually.HoldsAsync(async () =>
        {
            // A change that is published while the nodes still discover each other may be lost; the page then reloads everything.
            await cluster[1].CloseCallbackAsync(callback!);
            page.Received.Count(item => item is "callbacks" or "hello").Should().BeGreaterThan(1);
        });

        foreach (var node in cluster.Running)
        {
            (await node.GetCallbacksAsync()).Should().BeEmpty();
        }
    }

    [ClusterFact]
    public async Task Node_KilledAndRestarted_LosesNothingAndDuplicatesNothing()
    {
        var calls = Calls("killed", 60);
        await using var page = await EventStreamClient.OpenAsync(cluster[0].Http);
        await ShouldReceiveLiveAsync(page, node: 1, "before");

        var offers = Task.WhenAll(calls.Select(call => cluster.PostAsync(call, "offer")));
        await Eventually.HoldsAsync(() => page.Received.Should().Contain(item => item.StartsWith("DeskCall killed", StringComparison.Ordinal)));
        await cluster.KillAsync(2);
        await offers;
        await cluster.StartAsync(2);
        await Task.WhenAll(calls.Select(call => cluster.PostAsync(call, "declined")));

        await ShouldShowTheSameAsync("killed", calls, "Missed", "MissedCall");
        await ShouldReceiveLiveAsync(page, node: 2, "later");
    }

    /// <summary>
    /// Posts calls until the stream has delivered all rows of one of them. A change that is published while the nodes still discover each other may be
    /// lost; the page then reloads all rows, and the rows of the next call are streamed.
    /// </summary>
    private async Task ShouldReceiveLiveAsync(EventStreamClient page, int node, string prefix)
    {
        List<string> posted = [];
        await Eventually.HoldsAsync(async () =>
        {
            posted.Add($"{prefix}{posted.Count}");
            await cluster.PostToAsync(node, posted[^1], "offer");
            var received = page.Received;
            posted.Should().Contain(call => new[] { $"DeskCall {call}", $"DeskRecord {call}", $"DeskAlert {call}" }.All(received.Contains));
        });
    }

    private static string[] Calls(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i:D2}"))];

    private async Task ShouldShowTheSameAsync(string prefix, string[] calls, string outcome, string label)
    {
        await Eventually.HoldsAsync(async () =>
        {
            (await cluster[0].GetRowsAsync("calls", prefix)).Select(row => (row.CallId, row.Outcome))
                .Should().BeEquivalentTo(calls.Select(call => (call, outcome)));
            (await cluster[0].GetRowsAsync("events", prefix)).Should().HaveCount(2 * calls.Length);
            (await cluster[0].GetRowsAsync("records", prefix)).Select(row => (row.CallId, row.Label))
                .Should().BeEquivalentTo(calls.SelectMany(call => new[] { (call, "IncomingCall"), (call, label) }));
            (await cluster[0].GetRowsAsync("alerts", prefix)).Should().OnlyHaveUniqueItems(row => row.CallId).And.OnlyContain(row => row.EndedAt != null);
        });
        foreach (var list in Lists)
        {
            var rows = await cluster[0].GetRowsAsync(list, prefix);
            foreach (var node in cluster.Running.Skip(1))
            {
                (await node.GetRowsAsync(list, prefix)).Should().Equal(rows);
            }
        }
    }
}
