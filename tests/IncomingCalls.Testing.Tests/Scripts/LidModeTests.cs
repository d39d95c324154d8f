using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Scripts;

public sealed class LidModeTests
{
    [Fact]
    public async Task Participants_LidModeOn_AreLids()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Settings.EnableLidMode = true;

        gateway.Instance.PlaceCall("70000000101@c.us", call => call.Participants = ["70000000101@c.us", "70000000102@c.us"]).Ring();

        var call = NotificationReader.Read(gateway.Instance.History.Single().Body.Span).Call!;
        call.Participants.Select(participant => participant.Id.Value).Should().Equal(
            gateway.Instance.LidOf("70000000101@c.us"), gateway.Instance.LidOf("70000000102@c.us"));
    }
}
