using IncomingCalls.BotHost.Tests.Hosting;

namespace IncomingCalls.BotHost.Tests;

/// <summary>The endpoint of the bot, which passes every body to the intake.</summary>
public sealed class GreenApiEndpointTests(BotHostFixture fixture) : IClassFixture<BotHostFixture>
{
    private const string Message =
        """{"typeWebhook":"incomingMessageReceived","instanceData":{"idInstance":1101000001,"wid":"70000000001@c.us","typeInstance":"whatsapp"},"timestamp":1790000000,"idMessage":"BBBB01","messageData":{}}""";

    [Theory]
    [InlineData($"Bearer {BotHostProcess.WebhookToken}", 200)]
    [InlineData($"Basic {BotHostProcess.WebhookToken}", 200)]
    [InlineData(BotHostProcess.WebhookToken, 200)]
    [InlineData("Bearer wrong", 401)]
    [InlineData(null, 401)]
    public async Task Post_AnyTokenScheme_IsAuthorizedByTheToken(string? authorization, int status) =>
        (await fixture.Bot.PostAsync(Message, authorization)).Should().Be(status);

    [Fact]
    public async Task Post_UnreadableBody_IsQuarantinedAndAcknowledged() =>
        (await fixture.Bot.PostAsync("not JSON")).Should().Be(200);

    [Fact]
    public async Task Post_InboxCannotWrite_IsNotAcknowledged()
    {
        const string call =
            """{"typeWebhook":"incomingCall","from":"70000000101@c.us","status":"declined","instanceData":{"idInstance":1101000001,"wid":"70000000001@c.us","typeInstance":"whatsapp"},"timestamp":1790000000,"idMessage":"AAAA01"}""";

        // The first process locks the inbox file while it runs.
        (await fixture.Bot.PostToSuccessorAsync(call)).Should().Be(500);
    }

    [Fact]
    public async Task Post_OtherType_SendsNoMessage()
    {
        (await fixture.Bot.PostAsync(Message)).Should().Be(200);

        fixture.Bot.Telegram.Messages.Should().BeEmpty();
    }
}
