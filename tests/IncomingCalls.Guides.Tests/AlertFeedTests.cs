using System.Net.ServerSentEvents;
using System.Text.Json;
using Guides.Alerts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Guides.Tests;

/// <summary>The event stream of docs/alerts-in-a-browser.md.</summary>
public class AlertFeedTests
{
    private const string Path = "/webhooks/green-api";
    private const string Token = "alert";

    [Fact]
    public async Task Get_CallRingsAndEnds_PageReceivesBoth()
    {
        await using var host = await StartHostAsync();
        await using var page = await OpenAsync(host);

        await host.PostAsync(Path, NotificationJson.CreateCall("offer"), Token);
        var ringing = await ReadAsync(page);
        await host.PostAsync(Path, NotificationJson.CreateCall("declined"), Token);
        var ended = await ReadAsync(page);

        ringing.EventType.Should().Be("ringing");
        ended.EventType.Should().Be("ended");
        ReadId(ended).Should().Be(ReadId(ringing)).And.NotBeNullOrEmpty();
    }

    [Fact]
    public async Task Get_WhileACallRings_PageReceivesItsAlert()
    {
        await using var host = await StartHostAsync();
        await using var first = await OpenAsync(host);
        await host.PostAsync(Path, NotificationJson.CreateCall("offer"), Token);
        var ringing = await ReadAsync(first);

        await using var second = await OpenAsync(host);

        var received = await ReadAsync(second);
        (received.EventType, ReadId(received)).Should().Be((ringing.EventType, ReadId(ringing)));
    }

    [Fact]
    public async Task Get_Headers_PreventBufferingAndCompressionByProxies()
    {
        await using var host = await StartHostAsync();

        using var response = await host.Client.GetAsync("/alerts", HttpCompletionOption.ResponseHeadersRead);

        response.Headers.GetValues("X-Accel-Buffering").Should().Equal("no");
        response.Headers.CacheControl!.NoCache.Should().BeTrue();
        response.Headers.CacheControl!.NoTransform.Should().BeTrue();
    }

    private static Task<GuideHost> StartHostAsync() => GuideHost.StartAsync(
        builder =>
        {
            builder.Configuration["IncomingCalls:Webhook:Tokens:0"] = Token;
            AlertsHost.Add(builder);
        },
        app =>
        {
            app.MapIncomingCalls();
            AlertsHost.Map(app).AllowAnonymous();
        });

    private static async Task<IAsyncEnumerator<SseItem<string>>> OpenAsync(GuideHost host)
    {
        var stream = await host.Client.GetStreamAsync("/alerts");
        return SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
    }

    /// <summary>Reads the next item that is not a heartbeat.</summary>
    private static async Task<SseItem<string>> ReadAsync(IAsyncEnumerator<SseItem<string>> page)
    {
        do
        {
            (await page.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        }
        while (page.Current.EventType == "heartbeat");

        return page.Current;
    }

    private static string? ReadId(SseItem<string> item) => JsonDocument.Parse(item.Data).RootElement.GetProperty("id").GetString();
}
