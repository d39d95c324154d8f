using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using static IncomingCalls.DoctorFindingCode;
using static IncomingCalls.DoctorSeverity;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>Findings on a webhook address that is slightly wrong: what answered, and what to write instead.</summary>
public sealed class DoctorWebhookAddressTests : IAsyncLifetime
{
    private DoctorFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await DoctorFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Theory]
    [InlineData("//webhooks/green-api", "*The path contains a double slash. Write single slashes into webhookUrl.")]
    [InlineData("/webhooks//green-api", "*The path contains a double slash. Write single slashes into webhookUrl.")]
    [InlineData("", "*The address has no path. MapIncomingCalls maps /webhooks/green-api by default: write * into webhookUrl.")]
    [InlineData("/s3cret", "*Compare the path with the pattern of MapIncomingCalls, by default /webhooks/green-api, and with the path that a proxy passes on.")]
    public async Task ExamineAsync_PathWithoutEndpoint_SaysWhatToWrite(string path, string message)
    {
        await using var webhook = await WebhookHost.StartAsync("s3cret");
        var server = webhook.Url.GetLeftPart(UriPartial.Authority);

        var report = await ExamineAsync(new($"{server}{path}"));

        report.ShouldHave(WebhookNotFound, Error, $"{server} answered 404 (Kestrel), so nothing receives notifications at the path. {message[1..].Replace("write *", $"write {server}/webhooks/green-api")}");
        report.Codes().Should().NotContain([WebhookGuarded, WebhookUnguarded, WebhookGuardUnclear, WebhookTakesLargeBodies]);
        ShouldHideThePath(report);
    }

    [Fact]
    public async Task ExamineAsync_SlashAtTheEnd_IsTheSameRoute()
    {
        await using var webhook = await WebhookHost.StartAsync("s3cret");

        (await ExamineAsync(new($"{webhook.Url}/"))).ShouldHave(WebhookAnswers, Ok);
    }

    [Fact]
    public async Task ExamineAsync_ServerThatRejectsASlashAtTheEnd_SaysWhatToWrite()
    {
        await using var server = await StartAsync(context => FakeGateway.SendAsync(context, 405, ""));

        (await ExamineAsync(new(server.ApiUrl, "/s3cret/"))).ShouldHave(
            WebhookNotFound, Error, "* answered 405 (Kestrel), so nothing receives notifications at the path. The path ends with a slash. Write it without the slash into webhookUrl.");
    }

    [Theory]
    [InlineData("https://crm.example.com/s3cret", "https://crm.example.com and the same path. Only 200 acknowledges a notification: write the address with https://crm.example.com into webhookUrl.")]
    [InlineData("https://crm.example.com/s3cret/", "https://crm.example.com and the path with a slash at its end. Only 200 acknowledges a notification: write the address with https://crm.example.com and that slash into webhookUrl.")]
    [InlineData("/s3cret/", "* and the path with a slash at its end. *")]
    [InlineData("/login?returnUrl=s3cret", "* and another path. Only 200 acknowledges a notification. If the path is that of a log-in page, exempt the webhook from the log-in; otherwise write *")]
    public async Task ExamineAsync_Redirect_SaysWhereItLeadsTo(string location, string target)
    {
        await using var server = await StartAsync(context =>
        {
            context.Response.Headers.Location = location;
            return FakeGateway.SendAsync(context, 307, "");
        });

        var report = await ExamineAsync(new(server.ApiUrl, "/s3cret"));

        report.ShouldHave(WebhookRedirects, Error, $"* answered 307 (Kestrel), a redirect to {target}");
        ShouldHideThePath(report);
    }

    [Fact]
    public async Task ExamineAsync_RedirectWithoutLocation_IsAWrongAnswer()
    {
        await using var server = await StartAsync(context => FakeGateway.SendAsync(context, 301, ""));

        (await ExamineAsync(new(server.ApiUrl, "/s3cret"))).ShouldHave(WebhookAnswersWrongly, Error, "* responded with 301.");
    }

    [Fact]
    public async Task ExamineAsync_HttpToAnHttpsPort_SaysWhatToWrite()
    {
        await using var server = await StartAsync(context => FakeGateway.SendAsync(context, 400, "<html>The plain HTTP request was sent to HTTPS port</html>", "text/html"));

        (await ExamineAsync(new(server.ApiUrl, "/s3cret"))).ShouldHave(
            WebhookAnswersWrongly, Error, "* answered 400 (Kestrel), not from the endpoint of IncomingCalls. If the port is one for https, write https:// into webhookUrl.");
    }

    [Fact]
    public async Task ExamineAsync_WebPageAnswers200_IsNoAcknowledgement()
    {
        await using var server = await StartAsync(context => FakeGateway.SendAsync(context, 200, "<html>Welcome</html>", "text/html; charset=utf-8"));

        var report = await ExamineAsync(new(server.ApiUrl, "/"));

        report.ShouldHave(WebhookAnswersPage, Error, "* responded with 200 and a web page (Kestrel).");
        report.Codes().Should().NotContain([WebhookAnswers, WebhookUnguarded]);
    }

    private static async Task<FakeGateway> StartAsync(Func<HttpContext, Task<bool>> answer)
    {
        var server = await FakeGateway.StartAsync();
        server.FallbackHandler = answer;
        return server;
    }

    private static void ShouldHideThePath(DoctorReport report) =>
        report.Findings.Select(finding => finding.ToString()).Should().NotContain(text => text.Contains("s3cret"), "a path may contain a secret");

    private Task<DoctorReport> ExamineAsync(Uri url) => _fixture.Doctor.ExamineAsync(_fixture.WebhookInstance, new() { WebhookUrl = url, WebhookToken = "s3cret" });
}
