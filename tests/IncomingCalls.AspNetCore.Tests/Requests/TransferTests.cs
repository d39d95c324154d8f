using System.Net;
using System.Net.Http.Headers;
using IncomingCalls.AspNetCore.Tests.Hosting;

namespace IncomingCalls.AspNetCore.Tests.Requests;

public sealed class TransferTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=windows-1251")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData("nonsense")]
    public async Task Post_AnyContentType_IsRead(string? contentType)
    {
        await using var host = await WebhookHost.StartAsync();
        using var content = new ByteArrayContent(NotificationJson.Utf8(NotificationJson.CreateCall()));
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType).Should().BeTrue();
        }

        using var response = await host.SendAsync(content);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        host.Recorder.Events.Should().ContainSingle();
    }

    [Theory]
    [InlineData(false, false, 10)]
    [InlineData(false, true, 10)]
    [InlineData(true, false, 10)]
    [InlineData(true, true, 10)]
    [InlineData(false, false, 900_000)]
    [InlineData(false, true, 900_000)]
    [InlineData(true, false, 900_000)]
    [InlineData(true, true, 900_000)]
    public async Task Post_AnyTransferEncoding_ArrivesComplete(bool isHttp2, bool isChunked, int padding)
    {
        await using var host = await WebhookHost.StartAsync();
        using var content = Content(padding, isChunked);

        using var response = await host.SendAsync(content, isHttp2: isHttp2);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Version.Major.Should().Be(isHttp2 ? 2 : 1);
        host.Recorder.Events.Should().ContainSingle().Which.Call.Key.IdMessage.Should().Be("AAAA01");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Post_CallOverTheLimit_IsQuarantinedAndAcknowledged(bool isHttp2, bool isChunked)
    {
        await using var host = await WebhookHost.StartAsync();
        using var content = Content(1_200_000, isChunked);

        using var response = await host.SendAsync(content, isHttp2: isHttp2);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        host.Recorder.Events.Should().BeEmpty();
        host.Logs.WithId(1002).Should().ContainSingle();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public async Task Post_BodyAtTheLimit_IsHandled(int beyond, bool isChunked)
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = options => (options.Tokens, options.MaxBodyBytes) = ([WebhookHostOptions.Token], 2048) });
        var body = NotificationJson.CreateCall();
        using var content = Content(2048 + beyond - body.Length, isChunked);

        using var response = await host.SendAsync(content);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        host.Recorder.Events.Should().HaveCount(beyond == 0 ? 1 : 0);
    }

    [Fact]
    public async Task Post_ConcurrentRequests_DoNotMixBodies()
    {
        await using var host = await WebhookHost.StartAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            using var content = Content(i % 3 * 20_000, i % 2 == 0, $"CALL{i}");
            using var response = await host.SendAsync(content, isHttp2: i % 5 == 0);
            return response.StatusCode;
        }));

        statuses.Should().OnlyContain(status => status == HttpStatusCode.OK);
        host.Recorder.Events.Select(e => e.Call.Key.IdMessage).Should().BeEquivalentTo(Enumerable.Range(0, 200).Select(i => $"CALL{i}"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    public async Task Send_OtherMethod_Answers405(string method)
    {
        await using var host = await WebhookHost.StartAsync();
        using var request = new HttpRequestMessage(new(method), new Uri(host.Address, "/webhooks/green-api"));

        using var response = await host.Client.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
    }

    private static HttpContent Content(int padding, bool isChunked, string id = "AAAA01")
    {
        var bytes = NotificationJson.Utf8(NotificationJson.CreateCall(id: id) + new string(' ', padding));
        HttpContent content = isChunked ? new StreamContent(new ChunkedStream(bytes)) : new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
