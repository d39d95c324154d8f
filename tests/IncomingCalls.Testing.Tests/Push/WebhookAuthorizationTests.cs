using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Push;

public class WebhookAuthorizationTests
{
    [Theory]
    [InlineData("", "demo-secret", "demo-secret")]
    [InlineData("", "Bearer demo-secret", "Bearer demo-secret")]
    [InlineData("", "Bearer Bearer demo-secret", "Bearer Bearer demo-secret")]
    [InlineData("Bearer", "demo-secret", "Bearer demo-secret")]
    [InlineData("Bearer", "bearer demo-secret", "bearer demo-secret")]
    [InlineData("Bearer", "Basic ZGVtbzpkZW1vLXNlY3JldA==", "Basic ZGVtbzpkZW1vLXNlY3JldA==")]
    [InlineData("Bearer", "Bearerdemo", "Bearer Bearerdemo")]
    [InlineData("Bearer", "", null)]
    [InlineData("", null, null)]
    public async Task Header_AnyToken_HasTheVendorFormat(string scheme, string? token, string? header)
    {
        await using var gateway = await GatewayFixture.StartAsync(options => options.WebhookTokenScheme = scheme);
        var desk = new FakeWebhookHandler();
        gateway.Instance.PushThrough(desk.Client, token: token);

        gateway.Instance.Enqueue("1");

        (await desk.RespondToNextAsync(HttpStatusCode.OK)).Authorization.Should().Be(header);
    }
}
