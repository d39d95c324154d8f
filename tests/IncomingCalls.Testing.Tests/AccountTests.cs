using System.Net;
using System.Text.Json;

namespace IncomingCalls.Testing.Tests;

public class AccountTests
{
    [Fact]
    public async Task SetSettings_GivenKeysOnly_Change()
    {
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false);
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);

        (await api.PostAsync("setSettings", """{"incomingCallWebhook":"no","enableLidMode":true}""")).Body.Should().Be("""{"saveSettings":true}""");
        using var settings = JsonDocument.Parse((await api.GetAsync("getSettings")).Body);

        settings.RootElement.GetProperty("incomingCallWebhook").GetString().Should().Be("no");
        settings.RootElement.GetProperty("enableLidMode").GetString().Should().Be("yes");
        settings.RootElement.GetProperty("incomingWebhook").GetString().Should().Be("yes");
        (await api.PostAsync("setSettings", "garbage")).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Call_WhileCallsAreSwitchedOff_SendsNothing()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        instance.Settings.IncomingCallWebhook = false;

        instance.PlaceCall().Ring().Decline();

        instance.History.Should().BeEmpty();
    }

    [Theory]
    [InlineData(false, "count")]
    [InlineData(true, "сount")]
    public async Task GetWebhooksCount_EitherSpelling_Counts(bool cyrillic, string key)
    {
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.CyrillicCountKey = cyrillic);
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);
        instance.PlaceCall().Ring().Decline();

        using var answer = JsonDocument.Parse((await api.GetAsync("getWebhooksCount")).Body);

        answer.RootElement.GetProperty(key).GetInt32().Should().Be(2);
    }

    [Fact]
    public async Task GetContactInfo_KnownStrangerAndGroup_AreAnsweredAsDocumented()
    {
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false);
        var instance = simulator.AddInstance();
        instance.Contacts["70000000101@c.us"] = new() { Name = "vanya", ContactName = "Ivan (office)" };
        using var api = new Api(simulator, instance);

        (await api.PostAsync("getContactInfo", """{"chatId":"70000000101@c.us"}""")).Body.Should().Contain("\"contactName\":\"Ivan (office)\"").And.NotContain("phoneNumber");
        (await api.PostAsync("getContactInfo", """{"chatId":"70000000102@c.us"}""")).Body.Should().Contain("\"name\":\"\"");
        (await api.PostAsync("getContactInfo", """{"chatId":"120363000000000001@g.us"}""")).Status.Should().Be(HttpStatusCode.BadRequest);
        instance.IsQuotaExhausted = true;
        (await api.PostAsync("getContactInfo", """{"chatId":"70000000101@c.us"}""")).Status.Should().Be((HttpStatusCode)466);
    }

    [Fact]
    public async Task GetContactInfo_OfTelegram_TellsAPhoneNumber()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance(options => options.TypeInstance = "telegram");
        instance.Contacts["500000001"] = new() { Name = "Boris", PhoneNumber = 70000000116 };
        using var api = new Api(simulator, instance);

        (await api.PostAsync("getContactInfo", """{"chatId":"500000001"}""")).Body.Should().Contain("\"phoneNumber\":70000000116");
    }

    [Fact]
    public async Task AddInstance_TakenNumber_IsRefused()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        simulator.AddInstance(options => options.IdInstance = 7);

        simulator.Invoking(s => s.AddInstance(options => options.IdInstance = 7)).Should().Throw<ArgumentException>();
        simulator.RemoveInstance(7).Should().BeTrue();
    }
}
