using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace IncomingCalls.Fakes.Crm.Tests;

public class CallTests
{
    [Fact]
    public async Task Register_KnownContact_StoresARecord()
    {
        await using var crm = await TestCrm.StartAsync();

        var id = await crm.GetRegisteredIdAsync();

        crm.Portal.Calls.Should().ContainSingle().Which.Should().BeEquivalentTo(new
        {
            Id = id,
            ExternalId = "call-1",
            Phone = TestCrm.KnownPhone,
            Direction = "inbound",
            ContactId = "contact-first-1",
            RegisteredAt = crm.Time.GetUtcNow(),
            RepeatCount = 0,
        });
    }

    [Fact]
    public async Task Register_RepeatedWithin30Minutes_ReturnsTheSameRecord()
    {
        await using var crm = await TestCrm.StartAsync(options => options.AccessTokenLifetime = TimeSpan.FromDays(1));
        var first = await crm.GetRegisteredIdAsync();
        crm.Time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromTicks(1));

        var second = await crm.GetRegisteredIdAsync();

        second.Should().Be(first);
        crm.Portal.Calls.Should().ContainSingle().Which.RepeatCount.Should().Be(1);
    }

    [Fact]
    public async Task Register_RepeatedAfter30Minutes_MakesASecondRecord()
    {
        await using var crm = await TestCrm.StartAsync(options => options.AccessTokenLifetime = TimeSpan.FromDays(1));
        var first = await crm.GetRegisteredIdAsync();
        crm.Time.Advance(TimeSpan.FromMinutes(30));

        var second = await crm.GetRegisteredIdAsync();

        second.Should().NotBe(first);
        crm.Portal.TakeSnapshot().ExternalIdsRegisteredTwice.Should().Equal("call-1");
    }

    [Theory]
    [InlineData("+" + TestCrm.KnownPhone, "inbound")]
    [InlineData(TestCrm.KnownPhone, "outbound")]
    public async Task Register_SameIdWithAnotherSpellingOrDirection_MakesASecondRecord(string phone, string direction)
    {
        await using var crm = await TestCrm.StartAsync();
        await crm.RegisterAsync();

        await crm.RegisterAsync(phone: phone, direction: direction);

        crm.Portal.TakeSnapshot().ExternalIdsRegisteredTwice.Should().Equal("call-1");
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Register_AfterFinish_IsRecognisedUnlessTheSwitchIsSet(bool endsWithFinish, int records)
    {
        await using var crm = await TestCrm.StartAsync(options => options.IdempotencyEndsWithFinish = endsWithFinish);
        await crm.FinishAsync(await crm.GetRegisteredIdAsync());

        await crm.RegisterAsync();

        crm.Portal.Calls.Should().HaveCount(records);
    }

    [Fact]
    public async Task Register_UnknownPhone_IsAnswered400WithAnErrorOfItsOwn()
    {
        await using var crm = await TestCrm.StartAsync();

        var response = await crm.RegisterAsync(phone: TestCrm.UnknownPhone);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var body = await TestCrm.ReadAsync(response);
        body.GetProperty("errors")[0].GetProperty("title").GetString().Should().Be("Entity not found");
        body.GetProperty("errors")[0].GetProperty("status").GetInt32().Should().Be(263);
        body.TryGetProperty("validation-errors", out _).Should().BeFalse();
        crm.Portal.Calls.Should().BeEmpty();
        crm.Portal.Violations.Should().BeEmpty();
    }

    [Fact]
    public async Task Register_UnknownPhoneWithCreateContact_StoresBoth()
    {
        await using var crm = await TestCrm.StartAsync();

        (await crm.RegisterAsync(phone: TestCrm.UnknownPhone, createContact: true)).StatusCode.Should().Be(HttpStatusCode.OK);

        var contact = crm.Portal.TakeSnapshot().Contacts.Single(contact => contact.Phone == TestCrm.UnknownPhone);
        crm.Portal.Calls.Single().ContactId.Should().Be(contact.Id);
    }

    [Fact]
    public async Task Register_LastTenDigitsOfAContact_FindsIt()
    {
        await using var crm = await TestCrm.StartAsync();

        (await crm.RegisterAsync(phone: "8" + TestCrm.KnownPhone[1..])).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{ "phone": "70000000101", "direction": "inbound" }""", "externalId")]
    [InlineData("""{ "externalId": "1", "phone": "70000000101", "direction": "in" }""", "direction")]
    [InlineData("""{ "externalId": "1", "phone": "70000000101", "direction": "inbound", "colour": "red" }""", "$.colour")]
    [InlineData("""[{ "externalId": "1" }]""", "$")]
    public async Task Register_InvalidBody_NamesTheProperty(string body, string path)
    {
        await using var crm = await TestCrm.StartAsync();

        var response = await crm.Client.PostAsync("calls", new StringContent(body, Encoding.UTF8, "application/json"));

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await TestCrm.ReadAsync(response)).GetProperty("validation-errors")[0].GetProperty("errors")[0].GetProperty("path").GetString().Should().Be(path);
        crm.Portal.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task Register_BodyThatIsNotDeclaredAsJson_IsRefusedAndCounted()
    {
        await using var crm = await TestCrm.StartAsync();

        var response = await crm.Client.PostAsync("calls", new StringContent("""{ "externalId": "1" }"""));

        response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        crm.Portal.Violations.Select(violation => violation.Kind).Should().Equal(ViolationKind.WrongContentType);
    }

    [Fact]
    public async Task Finish_Twice_MakesTwoEntries()
    {
        await using var crm = await TestCrm.StartAsync();
        var id = await crm.GetRegisteredIdAsync();

        (await crm.FinishAsync(id, "missed", "Missed call")).StatusCode.Should().Be(HttpStatusCode.OK);
        crm.Time.Advance(TimeSpan.FromSeconds(1));
        (await crm.FinishAsync(id, "answered")).StatusCode.Should().Be(HttpStatusCode.OK);

        var call = crm.Portal.Calls.Single();
        call.Finishes.Select(finish => finish.Outcome).Should().Equal("missed", "answered");
        call.Finishes[1].Time.Should().Be(crm.Time.GetUtcNow());
        call.Text.Should().Be("Missed call");
        crm.Portal.TakeSnapshot().CallsFinishedTwice.Should().Equal(id);
    }

    [Fact]
    public async Task Change_FinishedCall_ReplacesTheTextAndAddsNoEntry()
    {
        await using var crm = await TestCrm.StartAsync();
        var id = await crm.GetRegisteredIdAsync();
        await crm.FinishAsync(id, "missed", "Missed call");

        (await crm.Client.PatchAsJsonAsync($"calls/{id}", new { text = "Called back" })).StatusCode.Should().Be(HttpStatusCode.OK);

        var call = crm.Portal.Calls.Single();
        call.Text.Should().Be("Called back");
        call.Changes.Select(change => change.Text).Should().Equal("Called back");
        call.Finishes.Should().ContainSingle();
    }

    [Fact]
    public async Task FinishAndChange_UnknownRecordOrOneOfAnotherPortal_AreAnswered404()
    {
        await using var crm = await TestCrm.StartAsync();
        var id = await crm.GetRegisteredIdAsync();
        var second = crm.Server.AddPortal("second");
        crm.UseToken(second.IssueTokens().AccessToken);

        var finished = await crm.Client.PostAsJsonAsync(new Uri(crm.Server.GetPortalUrl(second), $"calls/{id}/finish"), new { outcome = "missed" });
        var changed = await crm.Client.PatchAsJsonAsync(new Uri(crm.Server.GetPortalUrl(second), "calls/none"), new { text = "Called back" });

        finished.StatusCode.Should().Be(HttpStatusCode.NotFound);
        changed.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Find_ByExternalId_ListsTheRecordWithItsFinishes()
    {
        await using var crm = await TestCrm.StartAsync();
        await crm.FinishAsync(await crm.GetRegisteredIdAsync());

        var found = await TestCrm.ReadAsync(await crm.Client.GetAsync("calls?externalId=call-1"));
        var unknown = await crm.Client.GetAsync("calls?externalId=call-2");

        found.GetProperty("items")[0].GetProperty("finishes").GetArrayLength().Should().Be(1);
        unknown.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Find_WithoutTheRight_IsAnswered403()
    {
        await using var crm = await TestCrm.StartAsync(options => options.AllowsReadingCalls = false);

        (await crm.Client.GetAsync("calls?externalId=call-1")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }
}
