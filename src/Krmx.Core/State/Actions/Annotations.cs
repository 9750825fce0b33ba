using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
#if NET
using static System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes;
#endif

namespace Krmx.State;

/// <summary>Validates payloads by their attributes of <c>System.ComponentModel.DataAnnotations</c>, such as <c>[Range(1, 6)]</c>.</summary>
public static class Annotations
{
    /// <summary>Makes a validation for a model's <c>When</c>: <c>Annotations.Of&lt;Move&gt;()</c>.</summary>
    /// <returns>Gives the first complaint about a payload, or null. May be called from any thread.</returns>
    /// <remarks>
    /// Looks at the public properties, and for those of a record also at the constructor's parameters, where its attributes land. Parts of
    /// parts are not looked into. Needs no reflection that trimming would break.
    /// </remarks>
    /// <exception cref="ArgumentException">The type has no such attribute, so nothing would be validated.</exception>
#if NET
    public static Func<T, string?> Of<
        [DynamicallyAccessedMembers(PublicProperties | PublicConstructors)] T>()
#else
    public static Func<T, string?> Of<T>()
#endif
        where T : notnull
    {
        ParameterInfo[] parameters = typeof(T).GetConstructors().SelectMany(static constructor => constructor.GetParameters()).ToArray();
        (PropertyInfo Property, ValidationAttribute Rule)[] rules =
        [
            .. from property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
               where property.CanRead && property.GetIndexParameters().Length == 0
               from rule in property.GetCustomAttributes<ValidationAttribute>(inherit: true)
                   .Concat(parameters.Where(parameter => parameter.Name == property.Name)
                       .SelectMany(static parameter => parameter.GetCustomAttributes<ValidationAttribute>()))
               select (property, rule),
        ];
        if (rules.Length == 0)
            throw new ArgumentException($"{typeof(T).Name} has no validation attributes on its properties or parameters.");
        return payload => rules.Select(rule => Complaint(payload, rule.Property, rule.Rule))
            .FirstOrDefault(static complaint => complaint is not null);
    }

    private static string? Complaint(object payload, PropertyInfo property, ValidationAttribute rule) =>
        rule.GetValidationResult(property.GetValue(payload), Context(payload, property.Name)) is ValidationResult complaint
            ? complaint.ErrorMessage ?? $"{property.Name} is not valid"
            : null;

#if NET
    private static ValidationContext Context(object payload, string name) =>
        new(payload, name, serviceProvider: null, items: null) { MemberName = name };
#else
    private static ValidationContext Context(object payload, string name) => new(payload) { MemberName = name, DisplayName = name };
#endif
}
