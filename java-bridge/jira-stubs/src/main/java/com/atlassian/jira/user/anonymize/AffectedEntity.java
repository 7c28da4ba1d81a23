package com.atlassian.jira.user.anonymize;

/** What a plugin keeps of a user, for the page that asks the administrator. */
public class AffectedEntity {
  private final AffectedEntityType type;
  private final String descriptionKey;
  private final Long numberOfOccurrences;

  protected AffectedEntity(Builder builder) {
    type = builder.type;
    descriptionKey = builder.descriptionKey;
    numberOfOccurrences = builder.numberOfOccurrences;
  }

  public static Builder newBuilder(AffectedEntityType type) {
    return new Builder(type);
  }

  public AffectedEntityType getType() {
    return type;
  }

  public String getDescriptionKey() {
    return descriptionKey;
  }

  public Long getNumberOfOccurrences() {
    return numberOfOccurrences;
  }

  public static class Builder {
    private final AffectedEntityType type;
    private String descriptionKey;
    private Long numberOfOccurrences;

    protected Builder(AffectedEntityType type) {
      this.type = type;
    }

    public Builder descriptionKey(String key) {
      descriptionKey = key;
      return this;
    }

    public Builder numberOfOccurrences(Long number) {
      numberOfOccurrences = number;
      return this;
    }

    public AffectedEntity build() {
      return new AffectedEntity(this);
    }
  }
}
