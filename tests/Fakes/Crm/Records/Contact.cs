namespace IncomingCalls.Fakes.Crm;

/// <summary>A contact of the CRM.</summary>
/// <param name="Id">The id that the CRM gave to the contact.</param>
/// <param name="Phone">The phone number.</param>
/// <param name="Name">The display name; null if a call created the contact.</param>
public sealed record Contact(string Id, string Phone, string? Name);
