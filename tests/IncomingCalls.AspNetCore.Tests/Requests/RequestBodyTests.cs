using System.IO.Compression;
using System.Net;
using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.AspNetCore.Tests.Requests;

/// <summary>What senders, relays and the host's own middleware do with the body.</summary>
public sealed class RequestBodyTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Post_MiddlewareHasBufferedAndReadTheBody_IsReadAgain(bool isChunked, bool isHttp2)
    {
        await using var host = await StartAsync(static async context =>
        {
            context.Request.EnableBuffering();
            using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
            await reader.ReadToEndAsync();
        });

        using var response = await SendAsync(host, NotificationJson.Utf8(NotificationJson.CreateCall()), isChunked, isHttp2);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        host.Recorder.Events.Should().ContainSingle();
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    public async Task Post_MiddlewareHasReadTheBody_IsNotAcknowledgedAndTheErrorNamesTheCause(bool isChunked, bool isDisposed, bool isHttp2)
    {
        await using var host = await StartAsync(async context =>
        {
            if (isDisposed)
            {
                context.Request.EnableBuffering();
            }

            using var reader = new StreamReader(context.Request.Body, leaveOpen: !isDisposed);
            await reader.ReadToEndAsync();
        });

        using var response = await SendAsync(host, NotificationJson.Utf8(NotificationJson.CreateCall()), isChunked, isHttp2);

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError, "the gateway redelivers the call when the host is repaired");
        response.Headers.GetValues("X-IncomingCalls-Result").Should().Equal("BodyConsumed");
        host.Logs.Entries.Should().ContainSingle(entry => entry.Id == 2006).Which.Text.Should().Contain("EnableBuffering");
        host.Logs.Entries.Should().NotContain(entry => entry.Id == 1002, "there is nothing to quarantine");
    }

    [Fact]
    public async Task Post_MiddlewareHasReplacedTheBodyByAShorterOne_IsRead()
    {
        await using var host = await StartAsync(static async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var envelope = await reader.ReadToEndAsync();
            context.Request.Body = new MemoryStream(NotificationJson.Utf8(envelope["{\"relay\":".Length..^1]));
        });

        using var response = await SendAsync(host, NotificationJson.Utf8($"{{\"relay\":{NotificationJson.CreateCall()}}}"));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        host.Recorder.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Post_MiddlewareHasCompletedTheReaderOfTheBody_IsNotAcknowledged()
    {
        await using var host = await StartAsync(static async context => await context.Request.BodyReader.CompleteAsync());

        using var response = await SendAsync(host, NotificationJson.Utf8(NotificationJson.CreateCall()));

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        host.Logs.Entries.Should().ContainSingle(entry => entry.Id == 2006);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    [InlineData("utf-8")]
    public async Task Post_ContentEncodingThatIsNoCompression_IsRead(string encoding)
    {
        await using var host = await WebhookHost.StartAsync();
        var content = new ByteArrayContent(NotificationJson.Utf8(NotificationJson.CreateCall()));
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding).Should().BeTrue();

        using var response = await host.SendAsync(content);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_OtherTypeAboveTheSizeLimit_IsAcknowledgedAndHandled(bool isChunked)
    {
        var others = new OtherRecorder();
        await using var host = await WebhookHost.StartAsync(new() { ConfigureCalls = calls =>
        {
            calls.Services.AddSingleton(others);
            calls.AddOtherNotificationHandler<OtherRecorder>();
        } });
        var message = NotificationJson.Utf8(NotificationJson.CreateOtherType(data: $"\"{new string('x', 1_200_000)}\""));

        using var response = await SendAsync(host, message, isChunked);
        using var call = await SendAsync(host, NotificationJson.Utf8(NotificationJson.CreateCall()));

        response.StatusCode.Should().Be(HttpStatusCode.OK, "the offer behind it must arrive");
        others.Lengths.Should().Equal(message.Length);
        host.Recorder.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Post_CallAboveTheSizeLimit_QuarantinesItsBeginning()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = static options => (options.Tokens, options.MaxBodyBytes) = ([WebhookHostOptions.Token], 2_000) });

        using var response = await SendAsync(host, NotificationJson.Utf8($$"""{"x":"{{new string('x', 3_000)}}",""" + NotificationJson.CreateCall()[1..]));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.GetValues("X-IncomingCalls-Result").Should().Equal("Quarantined");
        host.Logs.Entries.Should().ContainSingle(entry => entry.Id == 1002).Which.Text.Should().Contain("Truncated").And.Contain("2000 bytes");
    }

    [Fact]
    public async Task Post_BodyAboveSixteenMebibytes_IsAcknowledgedAndTheConnectionClosed()
    {
        await using var host = await WebhookHost.StartAsync();

        using var response = await SendAsync(host, NotificationJson.Utf8(NotificationJson.CreateOtherType(data: $"\"{new string('x', 17 * 1024 * 1024)}\"")), isChunked: true);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.ConnectionClose.Should().BeTrue();
        host.Logs.Entries.Should().ContainSingle(entry => entry.Id == 2003);
        host.Logs.Entries.Should().ContainSingle(entry => entry.Id == 1002).Which.Text.Should().Contain("Truncated");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_Empty_IsRefusedAndNothingIsQuarantined(bool isHttp2)
    {
        await using var host = await WebhookHost.StartAsync();

        using var response = await SendAsync(host, [], isHttp2: isHttp2);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        host.Logs.Entries.Should().ContainSingle(entry => entry.Id == 2005).Which.Text.Should().Contain("removes the body");
        host.Logs.Entries.Should().NotContain(entry => entry.Id == 1002);
    }

    [Fact]
    public async Task Post_Compressed_IsRefusedUntilTheHostDecompresses()
    {
        await using var host = await WebhookHost.StartAsync();
        await using var decompressing = await WebhookHost.StartAsync(new()
        {
            ConfigureHost = static builder => builder.Services.AddRequestDecompression(),
            ConfigurePipeline = static app => app.UseRequestDecompression(),
        });

        using var refused = await host.SendAsync(CreateCompressed());
        using var accepted = await decompressing.SendAsync(CreateCompressed());

        refused.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        host.Logs.Entries.Should().ContainSingle(entry => entry.Id == 2004).Which.Text.Should().Contain("UseRequestDecompression");
        accepted.StatusCode.Should().Be(HttpStatusCode.OK);
        decompressing.Recorder.Events.Should().ContainSingle();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("HEAD")]
    public async Task Request_OtherMethodThanPost_SaysWhatTheAddressIsFor(string method)
    {
        await using var host = await WebhookHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(host.Address, "/webhooks/green-api"));

        using var response = await host.Client.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.Should().Equal("POST");
        (await response.Content.ReadAsStringAsync()).Should().Be(method == "HEAD" ? "" : "This address receives notifications of GREEN-API, which are sent with POST.");
    }

    [Theory]
    [InlineData("[{}]", "a JSON array")]
    [InlineData("\"{}\"", "a JSON text")]
    public async Task Post_NotificationThatARelayHasWrapped_AnswerSaysWhatWasFound(string body, string found)
    {
        await using var host = await WebhookHost.StartAsync();

        using var response = await host.PostAsync(body);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).Should().Contain(found).And.Contain("Expected is");
        host.Logs.Entries.Should().ContainSingle(entry => entry.Id == 1002).Which.Text.Should().Contain(found);
    }

    private static Task<WebhookHost> StartAsync(Func<HttpContext, Task> middleware) => WebhookHost.StartAsync(new()
    {
        ConfigurePipeline = app => app.Use(async (context, next) =>
        {
            await middleware(context);
            await next(context);
        }),
    });

    private static async Task<HttpResponseMessage> SendAsync(WebhookHost host, byte[] body, bool isChunked = false, bool isHttp2 = false)
    {
        using HttpContent content = isChunked ? new StreamContent(new MemoryStream(body)) : new ByteArrayContent(body);
        using var request = new HttpRequestMessage();
        if (isChunked)
        {
            // Without a length the content is sent in chunks.
            content.Headers.ContentLength = null;
            request.Headers.TransferEncodingChunked = true;
        }

        request.Method = HttpMethod.Post;
        request.RequestUri = new Uri(isHttp2 ? host.Http2Address : host.Address, "/webhooks/green-api");
        (request.Version, request.VersionPolicy) = (isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        request.Content = content;
        request.Headers.TryAddWithoutValidation("Authorization", WebhookHostOptions.Token).Should().BeTrue();
        return await host.Client.SendAsync(request);
    }

    private static ByteArrayContent CreateCompressed()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(NotificationJson.Utf8(NotificationJson.CreateCall()));
        }

        var content = new ByteArrayContent(compressed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private sealed class OtherRecorder : IOtherNotificationHandler
    {
        public List<int> Lengths { get; } = [];

        public ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken)
        {
            Lengths.Add(notification.Utf8Json.Length);
            return ValueTask.CompletedTask;
        }
    }
}
