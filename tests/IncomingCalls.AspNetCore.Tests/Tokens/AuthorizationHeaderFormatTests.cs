using System.Net;
using System.Text;
using IncomingCalls.AspNetCore.Tests.Hosting;

namespace IncomingCalls.AspNetCore.Tests.Tokens;

public sealed class AuthorizationHeaderFormatTests
{
    private static readonly string[] ValidHeaders =
    [
        "Bearer demo-secret", "demo-secret", "Bearer Bearer demo-secret", "bearer demo-secret", "Basic demo-secret", "  BASIC  demo-secret ",
        "Basic ZGVtbzpkZW1vLXNlY3JldA==", "Basic " + "OmRlbW8tc2VjcmV0", "Basic " + "ZGVtby1zZWNyZXQ=",
    ];

    private static readonly string?[] InvalidHeaders =
    [
        null, "", "Bearer", "Basic", "Bearer wrong", "demo-secret2", "demo-secre", "Demo-Secret", "Bearer demo-secret extra",
        // The user "demo-secret" with an empty password; the same without the word Basic; a value that is not Base64.
        "Basic ZGVtby1zZWNyZXQ6", "Bearer ZGVtbzpkZW1vLXNlY3JldA==", "Basic !!!",
    ];

    [Theory]
    [InlineData("demo-secret")]
    [InlineData("Bearer demo-secret")]
    [InlineData(" bearer Bearer demo-secret ")]
    [InlineData("Basic demo-secret")]
    public async Task Post_EveryHeaderFormat_IsAuthorizedByTheToken(string configured)
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = options => options.Tokens = [configured] });

        foreach (var header in ValidHeaders)
        {
            (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), header)).Should().Be(200, "of '{0}'", header);
        }

        foreach (var header in InvalidHeaders)
        {
            (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), header)).Should().Be(401, "of '{0}'", header);
        }
    }

    [Fact]
    public async Task Post_TokenConfiguredAsBasicCredentials_AcceptsTheSame()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = options => options.Tokens = ["Basic ZGVtbzpkZW1vLXNlY3JldA==", "user:secret"] });

        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Basic ZGVtbzpkZW1vLXNlY3JldA==")).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Basic " + Convert.ToBase64String("user:secret"u8))).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Basic " + Convert.ToBase64String("other:secret"u8))).Should().Be(401);
    }

    [Fact]
    public async Task Post_LongToken_IsComparedCompletely()
    {
        var token = new string('x', 3000);
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = options => options.Tokens = [token] });

        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Bearer " + token)).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Bearer " + token + "x")).Should().Be(401);
    }

    [Fact]
    public async Task Post_TokenBeyondAscii_IsAccepted()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = options => options.Tokens = ["пароль"] });

        (await host.PostForStatusAsync(NotificationJson.CreateOtherType(), "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("demo:пароль")))).Should().Be(200);
    }

    [Fact]
    public async Task Post_WrongToken_Answers401WithoutReadingTheBodyOrLoggingTheToken()
    {
        await using var host = await WebhookHost.StartAsync();
        using var connection = await RawConnection.OpenAsync(host);
        await connection.SendHeadAsync("Content-Length: 400", "Bearer guessed-secret");

        // No byte of the body was sent.
        (await connection.ReadStatusAsync()).Should().Be(401);

        using var again = await host.PostAsync(NotificationJson.CreateCall(), "Bearer guessed-secret");
        again.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        again.Headers.WwwAuthenticate.ToString().Should().Be("Bearer");
        host.Logs.Entries.Should().NotContain(entry => entry.Text.Contains("guessed-secret") || entry.Text.Contains(WebhookHostOptions.Token));
        host.Logs.WithId(2001).Should().ContainSingle();
        host.Recorder.Events.Should().BeEmpty();
    }

    [Fact]
    public async Task Post_AllowAnonymous_IgnoresTheHeaderAndWarnsAtStart()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = options => options.AllowAnonymous = true });

        (await host.PostForStatusAsync(NotificationJson.CreateCall(), token: null)).Should().Be(200);
        (await host.PostForStatusAsync(NotificationJson.CreateCall("pickUp"), "Bearer whatever")).Should().Be(200);

        host.Logs.WithId(2030).Should().ContainSingle();
    }
}
