namespace IncomingCalls.Fakes.Crm.Http;

/// <summary>The operations on contacts.</summary>
internal static class ContactMethods
{
    public static CrmResponse Find(PortalRequest request)
    {
        var phone = request.GetQueryValue("phone");
        return request.FindPhoneError(phone) is { } error ? CrmResponse.Invalid(error) : CrmResponse.List(request.Portal.ContactRecords.Find(phone));
    }
}
