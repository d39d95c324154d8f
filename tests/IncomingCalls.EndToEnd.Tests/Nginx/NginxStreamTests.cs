using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests.Nginx;

/// <summary>The event stream of the desk reaches the page at once, also through an nginx as it comes, which buffers responses.</summary>
public sealed class NginxStreamTests : IAsyncLifetime
{
    private const string Token = "Bearer proxied-desk-token";

    private readonly DeskFolder _folder = new();
    private DeskProcess _desk = null!;

    public async Task InitializeAsync() =>
        _desk = await DeskProcess.StartAsync(_folder, new Dictionary<string, string> { ["IncomingCalls:Webhook:Tokens:0"] = Token });

    public async Task DisposeAsync()
    {
        await _desk.DisposeAsync();
        _folder.Dispose();
    }

    [NginxFact]
    public async Task Stream_BehindNginxWithItsDefaults_DeliversEventsWhileItStaysOpen()
    {
        await using var nginx = await NginxProcess.StartAsync(port => $$"""
            server {
                listen 127.0.0.1:{{port}};
                location / {
                    proxy_pass {{_desk.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)}};
                }
            }
            """);
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{nginx.Port}") };
        await using var page = await EventStreamClient.OpenAsync(http);
        page.Received.Should().Equal("hello");

        foreach (var call in (string[])["first", "second"])
        {
            (await _desk.PostAsync(NotificationJson.CreateCall(1101000001, call, "offer"), Token)).Should().Be(200);

            await Eventually.HoldsAsync(() => page.Received.Should().Contain(new[] { $"DeskCall {call}", $"DeskAlert {call}", $"DeskRecord {call}" }));
            page.IsOpen.Should().BeTrue();
        }
    }

    [Fact]
    public async Task Stream_Response_TellsProxiesNotToBufferOrChangeIt()
    {
        using var response = await _desk.Http.GetAsync("/api/stream", HttpCompletionOption.ResponseHeadersRead);

        response.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        response.Headers.GetValues("X-Accel-Buffering").Should().Equal("no");
        // HttpClient would write the directives in an order of its own.
        response.Headers.NonValidated["Cache-Control"].ToString().Should().Be("no-cache, no-transform");
    }
}
