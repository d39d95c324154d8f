using System.Net;

namespace IncomingCalls.Fakes.Crm.Tests;

public class PhoneNumberTests
{
    [Theory]
    [InlineData("100000000000001@lid")]
    [InlineData("100000000000001")]
    [InlineData("120363000000000001@g.us")]
    [InlineData("120363000000000001")]
    [InlineData("70000000107-1581230000")]
    [InlineData("70000000101@c.us")]
    [InlineData("")]
    public async Task Phone_ThatIsAnIdOfTheMessenger_IsRefusedAndCounted(string phone)
    {
        await using var crm = await TestCrm.StartAsync();
        crm.Server.AddIdWithoutPhoneNumber("100000000000001@lid");

        var registered = await crm.RegisterAsync(phone: phone, createContact: true);
        var searched = await crm.Client.GetAsync($"contacts?phone={phone}");

        registered.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        searched.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        crm.Portal.Calls.Should().BeEmpty();
        crm.Portal.Violations.Select(violation => violation.Kind).Should().Equal(ViolationKind.NotAPhoneNumber, ViolationKind.NotAPhoneNumber);
    }

    [Theory]
    [InlineData("70000000101")]
    [InlineData("%2B70000000101")]
    public async Task FindContacts_KnownPhone_ListsThem(string phone)
    {
        await using var crm = await TestCrm.StartAsync();
        crm.Portal.AddContact("+" + TestCrm.KnownPhone, "The same");

        var response = await crm.Client.GetAsync($"contacts?phone={phone}");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await TestCrm.ReadAsync(response)).GetProperty("items").EnumerateArray().Select(contact => contact.GetProperty("name").GetString()).Should().Equal("Known", "The same");
        crm.Portal.Violations.Should().BeEmpty();
    }

    [Fact]
    public async Task FindContacts_UnknownPhone_IsAnswered204()
    {
        await using var crm = await TestCrm.StartAsync();

        var response = await crm.Client.GetAsync($"contacts?phone={TestCrm.UnknownPhone}");

        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await response.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }
}
