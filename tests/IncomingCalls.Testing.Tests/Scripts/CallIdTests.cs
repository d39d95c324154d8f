using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Scripts;

public sealed class CallIdTests
{
    [Theory]
    [InlineData("whatsapp")]
    [InlineData("v3")]
    [InlineData("telegram")]
    public async Task IdMessage_OtherInstance_IsAnother(string typeInstance)
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.TypeInstance = typeInstance);
        var other = gateway.Simulator.AddInstance(options => options.TypeInstance = typeInstance);

        other.PlaceCall().IdMessage.Should().NotBe(gateway.Instance.PlaceCall().IdMessage);
    }

    [Fact]
    public async Task IdMessage_OnMax_IsDecimalAndOnePerCall()
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.TypeInstance = "v3");

        var ids = Enumerable.Range(0, 100).Select(_ => gateway.Instance.PlaceCall("10000001").IdMessage).ToArray();

        ids.Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.Length == 18 && id.All(char.IsAsciiDigit));
    }
}
