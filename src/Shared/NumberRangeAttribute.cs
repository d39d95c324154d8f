using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace IncomingCalls.Shared;

/// <summary>
/// The range of a whole number. It is used in place of <see cref="RangeAttribute"/>, whose <see cref="ValidationAttribute.ErrorMessage"/> the
/// source generator of options validators ignores (dotnet/runtime#123137), and which has no constructor for Int64 that is compatible with
/// trimming.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NumberRangeAttribute(long min, long max) : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is null || (Convert.ToInt64(value, CultureInfo.InvariantCulture) is var number && number >= min && number <= max)
            ? ValidationResult.Success
            : new(string.Create(CultureInfo.InvariantCulture, $"{validationContext.DisplayName} is {value}. Write a number from {min} to {max}."));
}
