namespace IncomingCalls.Fakes.Crm.Http;

/// <summary>The operations on todo items.</summary>
internal static class ItemMethods
{
    public static CrmResponse Open(PortalRequest request)
    {
        if (!request.TryReadBody<OpenItemBody>(out var body, out var refusal))
        {
            return refusal;
        }

        return string.IsNullOrEmpty(body.Person)
            ? CrmResponse.Invalid(InvalidValue.Missing("person"))
            : CrmResponse.Json(new { request.Portal.ItemRecords.Open(body.Person, body.Text).Id });
    }

    public static CrmResponse Find(PortalRequest request) => request.GetQueryValue("person") is { Length: > 0 } person
        ? CrmResponse.List(request.Portal.ItemRecords.Find(person))
        : CrmResponse.Invalid(InvalidValue.Missing("person"));

    public static CrmResponse Close(PortalRequest request) => request.Portal.ItemRecords.Close(request.RecordId) is { } item
        ? CrmResponse.Json(new { item.Id, item.ClosedAt })
        : CrmResponse.NotFound("Item is not found");
}
