using System.Net;

namespace IncomingCalls.Fakes.Crm.Tests;

public class ItemTests
{
    [Fact]
    public async Task Open_TwiceForOnePerson_StoresBothAndShowsTheDouble()
    {
        await using var crm = await TestCrm.StartAsync();

        await crm.OpenItemAsync("person-1");
        await crm.OpenItemAsync("person-1");
        await crm.OpenItemAsync("person-2");

        crm.Portal.Items.Should().HaveCount(3);
        crm.Portal.TakeSnapshot().PersonsWithSeveralOpenItems.Should().Equal("person-1");
    }

    [Fact]
    public async Task Close_OpenItem_KeepsTheTimeOfTheFirstClose()
    {
        await using var crm = await TestCrm.StartAsync();
        var id = await TestCrm.ReadTextAsync(await crm.OpenItemAsync(), "id");
        var closedAt = crm.Time.GetUtcNow();

        (await crm.Client.PostAsync($"items/{id}/close", null)).StatusCode.Should().Be(HttpStatusCode.OK);
        crm.Time.Advance(TimeSpan.FromMinutes(1));
        (await crm.Client.PostAsync($"items/{id}/close", null)).StatusCode.Should().Be(HttpStatusCode.OK);

        crm.Portal.Items.Single().ClosedAt.Should().Be(closedAt);
    }

    [Fact]
    public async Task Open_AfterTheFirstIsClosed_IsNoDouble()
    {
        await using var crm = await TestCrm.StartAsync();
        await crm.Client.PostAsync($"items/{await TestCrm.ReadTextAsync(await crm.OpenItemAsync(), "id")}/close", null);

        await crm.OpenItemAsync();

        crm.Portal.TakeSnapshot().PersonsWithSeveralOpenItems.Should().BeEmpty();
    }

    [Fact]
    public async Task Close_UnknownItem_IsAnswered404()
    {
        await using var crm = await TestCrm.StartAsync();

        (await crm.Client.PostAsync("items/none/close", null)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Find_ByPerson_ListsOpenAndClosedItems()
    {
        await using var crm = await TestCrm.StartAsync();
        await crm.OpenItemAsync("person-2");
        var id = await TestCrm.ReadTextAsync(await crm.OpenItemAsync("person-1"), "id");
        await crm.Client.PostAsync($"items/{id}/close", null);
        await crm.OpenItemAsync("person-1");

        var items = (await TestCrm.ReadAsync(await crm.Client.GetAsync("items?person=person-1"))).GetProperty("items");

        items.EnumerateArray().Select(item => item.GetProperty("closedAt").GetString() is null).Should().Equal(false, true);
    }

    [Theory]
    [InlineData("items?person=person-1", HttpStatusCode.NoContent)]
    [InlineData("items", HttpStatusCode.BadRequest)]
    public async Task Find_NothingOrNoPerson_IsDistinguished(string url, HttpStatusCode status)
    {
        await using var crm = await TestCrm.StartAsync();

        (await crm.Client.GetAsync(url)).StatusCode.Should().Be(status);
    }
}
