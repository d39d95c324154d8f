using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace IncomingCalls.Fakes.Crm.Portals;

/// <summary>Distinguishes phone numbers from ids of messengers.</summary>
internal sealed partial class PhoneNumbers
{
    private const int ComparedDigits = 10;

    private readonly ConcurrentDictionary<string, bool> _otherIds = new(StringComparer.Ordinal);

    /// <summary>Declares an id as no phone number: its digits alone cannot be distinguished from one.</summary>
    public void AddOtherId(string id) => _otherIds[GetDigits(id.Split('@')[0])] = true;

    /// <summary>
    /// Documented (Bitrix24): another form is an error. A real CRM removes the letters of <c>123@lid</c> and stores the number 123 (reported, Bitrix24);
    /// that it is refused here is assumed, so that a test sees it. E.164 allows 15 digits, and a group id has 18.
    /// </summary>
    public bool IsPhoneNumber(string? text) => text is not null && PhoneNumber().IsMatch(text) && !_otherIds.ContainsKey(GetDigits(text));

    /// <summary>Documented (amoCRM): contacts are found by the last 10 digits.</summary>
    public static bool AreSame(string one, string other) => GetComparedDigits(one) == GetComparedDigits(other);

    private static string GetComparedDigits(string phone) => GetDigits(phone) is { Length: > ComparedDigits } digits ? digits[^ComparedDigits..] : GetDigits(phone);

    private static string GetDigits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    [GeneratedRegex(@"^\+?[0-9]{3,15}\z")]
    private static partial Regex PhoneNumber();
}
